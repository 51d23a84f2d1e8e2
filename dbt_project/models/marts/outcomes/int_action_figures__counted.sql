{{ config(schema='intermediate', contract={'enforced': false}) }}
{%- set kinds = {'lead': 'leads', 'download': 'downloads'} %}
-- What people did in the end, in all and for every thousand reached. Beside the reach of a
-- platform stand only those actions whose link names a platform that reports reach.
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

conversions as (

    select
        conversions.kind_code,
        coalesce(conversions.platform_code, 'none') as platform_code,
        {{ local_date('conversions.occurred_at') }} as occurred_date,
        gathered.record_id
    from {{ ref('fct_conversions') }} as conversions
    inner join {{ ref('int_conversions__gathered') }} as gathered
        on conversions.conversion_key = gathered.conversion_key

),

-- Before the first export of a kind nothing is known of it.
first_days as (

    select
        min(case when kind_code = 'lead' then occurred_date end) as first_lead_date,
        min(case when kind_code = 'download' then occurred_date end) as first_download_date,
        min(occurred_date) as first_date
    from conversions

),

numbered as (

    select
        conversions.*,
        row_number() over (partition by record_id order by occurred_date, kind_code) as action_number
    from conversions

),

reached as (

    select
        posts.platform_code,
        periods.period_kind_code,
        periods.period_start,
        cast(sum(posts.reach_count) as bigint) as reach_count
    from {{ ref('int_posts__matured') }} as posts
    inner join periods
        on
            posts.posted_date >= periods.period_start
            and posts.posted_date < periods.period_end
    where posts.gone_at is null and posts.reach_count is not null
    group by
        posts.platform_code,
        periods.period_kind_code,
        periods.period_start

),

acted as (

    select
        numbered.platform_code,
        periods.period_kind_code,
        periods.period_start,
        {%- for kind in kinds %}
        count(case when numbered.kind_code = '{{ kind }}' then 1 end) as {{ kind }}_count,
        {%- endfor %}
        count(*) as action_count
    from numbered
    inner join periods
        on
            numbered.occurred_date >= periods.period_start
            and numbered.occurred_date < periods.period_end
    group by
        numbered.platform_code,
        periods.period_kind_code,
        periods.period_start

),

summed as (

    select
        audiences.audience_name,
        periods.period_kind_code,
        periods.period_start,
        periods.period_end,
        count(audiences.platform_code) > 0 as has_platforms,
        {%- for kind in kinds %}
        cast(coalesce(sum(acted.{{ kind }}_count), 0) as bigint) as {{ kind }}_count,
        cast(coalesce(sum(case when reached.reach_count is not null then acted.{{ kind }}_count end), 0) as bigint)
            as reached_{{ kind }}_count,
        {%- endfor %}
        cast(coalesce(sum(acted.action_count), 0) as bigint) as action_count,
        cast(sum(reached.reach_count) as bigint) as reach_count
    from audiences
    cross join periods
    left join acted
        on
            audiences.platform_code = acted.platform_code
            and periods.period_kind_code = acted.period_kind_code
            and periods.period_start = acted.period_start
    left join reached
        on
            audiences.platform_code = reached.platform_code
            and periods.period_kind_code = reached.period_kind_code
            and periods.period_start = reached.period_start
    group by
        audiences.audience_name,
        periods.period_kind_code,
        periods.period_start,
        periods.period_end

),

-- One row per audience, period and CRM record that acted; the number of its last act says
-- whether it had acted before.
repeated as (

    select
        acts.audience_name,
        acts.period_kind_code,
        acts.period_start,
        count(*) as person_count,
        count(case when acts.action_number > 1 then 1 end) as repeat_count
    from (
        select
            audiences.audience_name,
            periods.period_kind_code,
            periods.period_start,
            numbered.record_id,
            max(numbered.action_number) as action_number
        from numbered
        inner join audiences
            on numbered.platform_code = audiences.platform_code
        inner join periods
            on
                numbered.occurred_date >= periods.period_start
                and numbered.occurred_date < periods.period_end
        where numbered.record_id is not null
        group by
            audiences.audience_name,
            periods.period_kind_code,
            periods.period_start,
            numbered.record_id
    ) as acts
    group by
        acts.audience_name,
        acts.period_kind_code,
        acts.period_start

),

joined as (

    select
        summed.*,
        coalesce(repeated.person_count, 0) as person_count,
        coalesce(repeated.repeat_count, 0) as repeat_count,
        {%- for day in ['first_lead_date', 'first_download_date', 'first_date'] %}
        coalesce(first_days.{{ day }} < summed.period_end, false) as is_after_{{ day }},
        {%- endfor %}
        not summed.has_platforms as is_elsewhere
    from summed
    cross join first_days
    left join repeated
        on
            summed.audience_name = repeated.audience_name
            and summed.period_kind_code = repeated.period_kind_code
            and summed.period_start = repeated.period_start

),

melted as (

    {%- for indicator, value, numerator, denominator, n, known in [
        ('actions_taken', 'cast(action_count as double)', 'action_count', 'null', 'action_count', 'is_after_first_date'),
        ('leads', 'cast(lead_count as double)', 'lead_count', 'null', 'lead_count', 'is_after_first_lead_date'),
        ('downloads', 'cast(download_count as double)', 'download_count', 'null', 'download_count', 'is_after_first_download_date'),
        ('leads_per_1000_reached', '1000 * ' ~ safe_ratio('reached_lead_count', 'reach_count'), 'reached_lead_count', 'reach_count', 'reached_lead_count', 'is_after_first_lead_date'),
        ('downloads_per_1000_reached', '1000 * ' ~ safe_ratio('reached_download_count', 'reach_count'), 'reached_download_count', 'reach_count', 'reached_download_count', 'is_after_first_download_date'),
        ('repeat_action_ratio', safe_ratio('repeat_count', 'person_count'), 'repeat_count', 'person_count', 'person_count', 'is_after_first_date'),
    ] %}
    select
        audience_name,
        period_kind_code,
        period_start,
        is_elsewhere,
        {{ known }} as is_known,
        '{{ indicator }}' as indicator_code,
        {{ value }} as value,
        cast({{ numerator }} as double) as numerator,
        cast({{ denominator }} as double) as denominator,
        {{ n }} as n,
        '{{ 'nobody' if indicator == 'repeat_action_ratio' else 'not_reported' }}' as missing_code
    from joined
    {{ 'union all' if not loop.last }}
    {%- endfor %}

)

select
    audience_name,
    period_kind_code,
    period_start,
    indicator_code,
    case when is_known and not is_elsewhere then value end as value,
    case when is_known and not is_elsewhere then numerator end as numerator,
    case when is_known and not is_elsewhere then denominator end as denominator,
    case when is_known and not is_elsewhere then n else 0 end as n,
    cast(null as double) as coverage_ratio,
    case
        when is_elsewhere then 'not_known_for_audience'
        when not is_known then 'not_reported'
        when value is null then missing_code
    end as reason_code
from melted
