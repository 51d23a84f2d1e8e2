{{ config(schema='intermediate', contract={'enforced': false}) }}
{%- set kinds = {'impressions': 'impression_count', 'views': 'view_count', 'reach': 'reach_count'} %}
-- How far our posts went and who wanted more, per kind of exposure: kinds are never added,
-- and of no export is it known how many different people a month reached. Each post is read
-- at the age at which its week reads it, so that a month is the sum of its weeks.
with

periods as (

    select
        period_kind_code,
        period_start,
        period_end
    from {{ ref('int_outcome_periods__listed') }}

),

audiences as (

    select
        audience_name,
        platform_code
    from {{ ref('int_audience_platforms__listed') }}

),

posts as (

    select
        post_key,
        platform_code,
        posted_date,
        impression_count,
        view_count,
        reach_count,
        {{ sum_reported(['click_count', 'save_count', 'profile_visit_count']) }} as interest_count
    from {{ ref('int_posts__matured') }}
    where gone_at is null

),

-- A numerator counts only beside its denominator.
summed as (

    select
        audiences.audience_name,
        periods.period_kind_code,
        periods.period_start,
        count(audiences.platform_code) > 0 as has_platforms
        {%- for kind, column in kinds.items() %},
        cast(sum(posts.{{ column }}) as bigint) as {{ column }},
        count(posts.{{ column }}) as {{ kind }}_post_count,
        cast(sum(case when posts.{{ column }} is not null then posts.interest_count end) as bigint)
            as {{ kind }}_interest_count,
        cast(sum(case when posts.interest_count is not null then posts.{{ column }} end) as bigint)
            as {{ kind }}_base_count,
        count(case when posts.interest_count is not null then posts.{{ column }} end)
            as {{ kind }}_interest_post_count
        {%- endfor %}
    from audiences
    cross join periods
    left join posts
        on
            audiences.platform_code = posts.platform_code
            and posts.posted_date >= periods.period_start
            and posts.posted_date < periods.period_end
    group by
        audiences.audience_name,
        periods.period_kind_code,
        periods.period_start

),

melted as (

    {%- for kind, column in kinds.items() %}
    select
        audience_name,
        period_kind_code,
        period_start,
        has_platforms,
        'exposure_{{ kind }}' as indicator_code,
        cast({{ column }} as double) as value,
        cast({{ column }} as double) as numerator,
        cast(null as double) as denominator,
        {{ kind }}_post_count as n
    from summed

    union all

    select
        audience_name,
        period_kind_code,
        period_start,
        has_platforms,
        '{{ 'interest_rate' if kind == 'impressions' else 'interest_rate_' ~ kind }}' as indicator_code,
        {{ safe_ratio(kind ~ '_interest_count', kind ~ '_base_count') }} as value,
        cast({{ kind }}_interest_count as double) as numerator,
        cast({{ kind }}_base_count as double) as denominator,
        {{ kind }}_interest_post_count as n
    from summed
    {{ 'union all' if not loop.last }}
    {%- endfor %}

)

select
    audience_name,
    period_kind_code,
    period_start,
    indicator_code,
    value,
    numerator,
    denominator,
    n,
    cast(null as double) as coverage_ratio,
    case
        when value is not null then null
        when not has_platforms then 'not_known_for_audience'
        else 'not_reported'
    end as reason_code
from melted
