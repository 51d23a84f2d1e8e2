{{ config(schema='intermediate', contract={'enforced': false}) }}
-- Who speaks up when somebody speaks ill: threads in which one of the audience was negative
-- in the period, and those of them in which another stakeholder answered such a turn kindly.
-- An answer that also recommends us defends as well. Staff do not count.
with

periods as (

    select
        period_kind_code,
        period_start,
        period_end
    from {{ ref('int_outcome_periods__listed') }}

),

people as (

    select
        audience_name,
        person_key
    from {{ ref('int_audience_people__listed') }}

),

negative_turns as (

    select
        interaction_key,
        thread_key,
        person_key,
        occurred_date
    from {{ ref('fct_interactions') }}
    where
        actor_class_code = 'stakeholder'
        and sentiment_code = 'negative'
        and person_key is not null

),

defences as (

    select
        acts.parent_interaction_key,
        acts.person_key
    from {{ ref('fct_funnel_acts') }} as acts
    where acts.advocacy_kind_code in ('defend', 'recommend')

),

defended_turns as (

    select negative_turns.interaction_key
    from negative_turns
    inner join defences
        on
            negative_turns.interaction_key = defences.parent_interaction_key
            and negative_turns.person_key <> defences.person_key
    group by negative_turns.interaction_key

),

-- One row per audience, period and negative thread.
threads as (

    select
        people.audience_name,
        periods.period_kind_code,
        periods.period_start,
        negative_turns.thread_key,
        count(defended_turns.interaction_key) > 0 as is_defended
    from negative_turns
    inner join people
        on negative_turns.person_key = people.person_key
    inner join periods
        on
            negative_turns.occurred_date >= periods.period_start
            and negative_turns.occurred_date < periods.period_end
    left join defended_turns
        on negative_turns.interaction_key = defended_turns.interaction_key
    group by
        people.audience_name,
        periods.period_kind_code,
        periods.period_start,
        negative_turns.thread_key

),

counted as (

    select
        audiences.audience_name,
        periods.period_kind_code,
        periods.period_start,
        count(threads.thread_key) as thread_count,
        count(case when threads.is_defended then 1 end) as defended_count
    from (select distinct audience_name from {{ ref('int_audience_platforms__listed') }}) as audiences
    cross join periods
    left join threads
        on
            audiences.audience_name = threads.audience_name
            and periods.period_kind_code = threads.period_kind_code
            and periods.period_start = threads.period_start
    group by
        audiences.audience_name,
        periods.period_kind_code,
        periods.period_start

)

select
    audience_name,
    period_kind_code,
    period_start,
    'defended_ratio' as indicator_code,
    {{ safe_ratio('defended_count', 'thread_count') }} as value,
    cast(defended_count as double) as numerator,
    cast(thread_count as double) as denominator,
    thread_count as n,
    cast(null as double) as coverage_ratio,
    case when thread_count = 0 then 'nobody' end as reason_code
from counted
