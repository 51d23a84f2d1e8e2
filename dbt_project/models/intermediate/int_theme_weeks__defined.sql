-- What each theme means in each week: a digest of its keywords and of their days of
-- validity within the week. All talk together means the same every week.
with

weeks as (

    select week_start
    from {{ ref('int_weeks__listed') }}

),

themes as (

    select * from {{ ref('int_themes__worded') }}

),

defined as (

    select
        weeks.week_start,
        themes.theme_code,
        {{ hash_of(joined_text(
            "concat_ws(':', themes.keyword_text, "
            ~ days_of_week_text('themes.valid_from', 'themes.valid_to', 'weeks.week_start') ~ ")",
            '|', 'themes.keyword_text, themes.valid_from, themes.valid_to'
        )) }} as theme_version
    from weeks
    inner join themes
        on
            themes.valid_from < {{ days_later('weeks.week_start', 7) }}
            and themes.valid_to > weeks.week_start
    group by
        weeks.week_start,
        themes.theme_code

    union all

    select
        week_start,
        'all' as theme_code,
        'all' as theme_version
    from weeks

)

select * from defined
