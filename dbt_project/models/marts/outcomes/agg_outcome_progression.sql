-- Of the people first seen in a month, how many came to support us, and how many of those
-- acted: the same people, not one crowd over another. Ratios wait until everybody in them has
-- had all the days. People of the first month may have been there long before.
with

thresholds as (

    select progression_days
    from {{ ref('int_thresholds__pivoted') }}

),

people as (

    select
        *,
        {{ month_start('seen_date') }} as cohort_month
    from {{ ref('int_progress_days__dated') }}

),

judged as (

    select
        people.*,
        {{ days_later('people.seen_date', 'thresholds.progression_days') }}
        <= {{ local_date(observed_until()) }} as is_mature
    from people
    cross join thresholds

),

first_months as (

    select min(cohort_month) as first_month
    from people

),

counted as (

    select
        judged.cohort_month,
        judged.cohort_month = max(first_months.first_month) as may_be_older,
        count(*) as person_count,
        count(case when judged.is_mature then 1 end) as mature_person_count
        {%- for name, date in [
            ('supporter', 'support_date'), ('supporter_action', 'supported_action_date'),
            ('supporter_conversion', 'supported_conversion_date'),
        ] %},
        count(case when judged.is_mature then judged.{{ date }} end) as {{ name }}_count
        {%- endfor %},
        -- Who acted without having come near first skipped a step; nobody is forced through.
        count(case when judged.is_mature and judged.supported_action_date is null then judged.action_date end)
            as direct_action_count
    from judged
    cross join first_months
    group by judged.cohort_month

)

select
    cohort_month,
    may_be_older,
    person_count,
    mature_person_count,
    supporter_count,
    {{ safe_ratio('supporter_count', 'mature_person_count') }} as supporter_ratio,
    supporter_action_count,
    supporter_conversion_count,
    {{ safe_ratio('supporter_action_count', 'supporter_count') }} as supporter_action_ratio,
    {{ safe_ratio('supporter_action_count', 'mature_person_count') }} as progression_ratio,
    direct_action_count
from counted
