{%- set window_start = days_later(built_week(), '7 - thresholds.aspine_window_days') %}
-- What people speak of far more than we do, and whom we know too little of to tell. Both
-- sides count the one leading theme of each text, in the days that profiles are made of.
with

thresholds as (

    select
        aspine_window_days,
        segment_person_minimum_count,
        segment_coverage_minimum_ratio,
        blind_spot_minimum_ratio,
        blind_spot_author_minimum_count
    from {{ ref('int_thresholds__pivoted') }}

),

segments as (

    select * from {{ ref('agg_segment_aspine') }}

),

themes as (

    select theme_code
    from {{ ref('int_themes__worded') }}
    where valid_from < {{ days_later(built_week(), 7) }} and valid_to > {{ built_week() }}
    group by theme_code

),

said as (

    select
        members.segment_kind_code,
        members.segment_code,
        interactions.person_key,
        interactions.theme_code
    from {{ ref('fct_interactions') }} as interactions
    cross join thresholds
    inner join {{ ref('int_segment_people__listed') }} as members
        on interactions.person_key = members.person_key
    where
        interactions.actor_class_code = 'stakeholder'
        and interactions.text_key is not null
        and interactions.occurred_date >= {{ window_start }}

),

said_by_segment as (

    select
        segment_kind_code,
        segment_code,
        count(*) as text_count
    from said
    group by
        segment_kind_code,
        segment_code

),

said_by_theme as (

    select
        segment_kind_code,
        segment_code,
        theme_code,
        count(*) as theme_text_count,
        count(distinct person_key) as author_count
    from said
    where theme_code is not null
    group by
        segment_kind_code,
        segment_code,
        theme_code

),

posts as (

    select posts.theme_code
    from {{ ref('dim_posts') }} as posts
    cross join thresholds
    where
        not posts.is_gone
        and {{ local_date('posts.posted_at') }} >= {{ window_start }}
        and {{ local_date('posts.posted_at') }} < {{ days_later(built_week(), 7) }}

),

posts_by_theme as (

    select
        theme_code,
        count(*) as theme_post_count
    from posts
    group by theme_code

),

-- Fewer authors than a segment needs people are not stated either, unless there is none.
compared as (

    select
        segments.segment_kind_code,
        segments.segment_code,
        themes.theme_code,
        case
            when segments.suppression_code is not null then segments.suppression_code
            when said_by_theme.author_count < thresholds.segment_person_minimum_count
                then 'too_few_authors'
        end as suppression_code,
        coalesce(said_by_theme.theme_text_count, 0) as theme_text_count,
        coalesce(said_by_segment.text_count, 0) as text_count,
        coalesce(said_by_theme.author_count, 0) as author_count,
        coalesce(posts_by_theme.theme_post_count, 0) as theme_post_count,
        (select count(*) from posts) as post_count,
        thresholds.blind_spot_minimum_ratio,
        thresholds.blind_spot_author_minimum_count
    from segments
    cross join themes
    cross join thresholds
    left join said_by_segment
        on
            segments.segment_kind_code = said_by_segment.segment_kind_code
            and segments.segment_code = said_by_segment.segment_code
    left join said_by_theme
        on
            segments.segment_kind_code = said_by_theme.segment_kind_code
            and segments.segment_code = said_by_theme.segment_code
            and themes.theme_code = said_by_theme.theme_code
    left join posts_by_theme
        on themes.theme_code = posts_by_theme.theme_code

),

-- The gap divides whole numbers once, so that a gap of exactly the limit counts.
rated as (

    select
        'theme' as blind_spot_kind_code,
        segment_kind_code,
        segment_code,
        theme_code,
        suppression_code,
        {%- for column in ['theme_text_count', 'text_count', 'author_count'] %}
        case when suppression_code is null then {{ column }} end as {{ column }},
        {%- endfor %}
        theme_post_count,
        post_count,
        cast(null as double) as coverage_ratio,
        case
            when suppression_code is null
                then {{ safe_ratio(
                    'theme_text_count * post_count - theme_post_count * text_count',
                    'text_count * post_count'
                ) }}
        end as gap_value,
        blind_spot_minimum_ratio,
        blind_spot_author_minimum_count
    from compared

)

select
    {{ built_week() }} as week_start,
    blind_spot_kind_code,
    segment_kind_code,
    segment_code,
    theme_code,
    suppression_code,
    theme_text_count,
    text_count,
    {{ safe_ratio('theme_text_count', 'text_count') }} as conversation_ratio,
    author_count,
    theme_post_count,
    post_count,
    {{ safe_ratio('theme_post_count', 'post_count') }} as org_content_ratio,
    gap_value,
    coverage_ratio,
    coalesce(
        gap_value >= blind_spot_minimum_ratio
        and author_count >= blind_spot_author_minimum_count,
        false
    ) as is_blind_spot
from rated

union all

-- No evidence is itself a blind spot, too few people included.
select
    {{ built_week() }} as week_start,
    'no_data' as blind_spot_kind_code,
    segments.segment_kind_code,
    segments.segment_code,
    'all' as theme_code,
    segments.suppression_code,
    cast(null as bigint) as theme_text_count,
    cast(null as bigint) as text_count,
    cast(null as double) as conversation_ratio,
    cast(null as bigint) as author_count,
    cast(null as bigint) as theme_post_count,
    cast(null as bigint) as post_count,
    cast(null as double) as org_content_ratio,
    cast(null as double) as gap_value,
    segments.coverage_ratio,
    coalesce(segments.coverage_ratio < thresholds.segment_coverage_minimum_ratio, true)
        as is_blind_spot
from segments
cross join thresholds
