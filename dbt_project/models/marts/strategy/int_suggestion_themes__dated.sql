{{ config(schema='intermediate', contract={'enforced': false}) }}
-- The themes of each week for which a list of suggestions is known, with the weight that
-- held then and the manager who looks after them. A list reaches back as far as a
-- declined suggestion can still keep another one away.
with

thresholds as (

    select suggestion_history_weeks
    from {{ ref('int_thresholds__pivoted') }}

),

weeks as (

    select
        dim_weeks.week_start,
        {{ days_later('dim_weeks.week_start', 6) }} as closed_on
    from {{ ref('dim_weeks') }} as dim_weeks
    cross join thresholds
    where
        dim_weeks.week_start <= {{ built_week() }}
        and dim_weeks.week_start
        > {{ days_later(built_week(), '-7 * thresholds.suggestion_history_weeks') }}

),

themes as (

    select
        theme_code,
        theme_name,
        weight_ratio,
        coalesce(nullif(trim(owner_name), ''), 'Programme office') as owner_name,
        coalesce(valid_from, date '0001-01-01') as valid_from,
        coalesce(valid_to, date '9999-12-31') as valid_to
    from {{ ref('stg_programme__strategy_themes') }}
    where theme_code is not null

),

-- One row per week and theme that held on its Monday.
dated as (

    select
        weeks.week_start,
        weeks.closed_on,
        themes.theme_code,
        themes.theme_name,
        themes.weight_ratio,
        themes.owner_name
    from weeks
    inner join themes
        on
            themes.valid_from <= weeks.week_start
            and themes.valid_to > weeks.week_start
    qualify
        row_number() over (
            partition by weeks.week_start, themes.theme_code
            order by themes.valid_from desc, themes.owner_name
        ) = 1

)

select * from dated
