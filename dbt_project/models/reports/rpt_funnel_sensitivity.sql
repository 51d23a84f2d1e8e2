{%- set last_day = days_later(built_week(), 6) %}
{%- set first_day = month_start(last_day) %}
{%- set last_review = days_earlier(first_day, 1) %}
-- How many advocates there would be if one threshold of the rule stood a step lower or
-- higher. Counted as the funnel counts: on any day since the last monthly review.
with

variants as (

    select
        parameter_name,
        change_value,
        minimum_acts,
        minimum_people,
        minimum_weeks,
        window_days
    from {{ ref('int_advocate_rules__varied') }}

),

horizon as (

    select max(window_days) as window_days
    from variants

),

-- Acts that some variant still finds in its window.
evidence as (

    select
        evidence.person_key,
        evidence.interaction_key,
        evidence.evidence_on
    from {{ ref('fct_funnel_evidence') }} as evidence
    inner join horizon
        on
            evidence.evidence_on <= {{ last_day }}
            and evidence.evidence_on > {{ days_earlier(last_review, 'horizon.window_days') }}
    where evidence.rule_id = 'advocate'

),

responses as (

    select
        interactions.parent_interaction_key,
        interactions.person_key,
        interactions.occurred_date
    from {{ ref('fct_interactions') }} as interactions
    inner join evidence
        on interactions.parent_interaction_key = evidence.interaction_key
    where interactions.actor_class_code = 'stakeholder'

),

-- The review on the last day of the month before takes effect on the first. Since then
-- only an act or a response can make an advocate: on other days windows just lose.
days as (

    select
        person_key,
        {{ last_review }} as evaluated_on
    from evidence

    union

    select
        person_key,
        evidence_on as evaluated_on
    from evidence
    where evidence_on between {{ first_day }} and {{ last_day }}

    union

    select
        evidence.person_key,
        responses.occurred_date as evaluated_on
    from responses
    inner join evidence
        on responses.parent_interaction_key = evidence.interaction_key
    where responses.occurred_date between {{ first_day }} and {{ last_day }}

),

-- The responses multiply the acts, hence the distinct counts: one row per variant,
-- person and day.
counted as (

    select
        variants.parameter_name,
        variants.change_value,
        days.person_key,
        days.evaluated_on,
        count(distinct evidence.interaction_key) as act_count,
        count(distinct {{ reporting_week('evidence.evidence_on') }}) as week_count,
        count(distinct responses.person_key) as people_count,
        max(variants.minimum_acts) as minimum_acts,
        max(variants.minimum_weeks) as minimum_weeks,
        max(variants.minimum_people) as minimum_people
    from variants
    cross join days
    inner join evidence
        on
            days.person_key = evidence.person_key
            and evidence.evidence_on <= days.evaluated_on
            and evidence.evidence_on > {{ days_earlier('days.evaluated_on', 'variants.window_days') }}
    left join responses
        on
            evidence.interaction_key = responses.parent_interaction_key
            and responses.occurred_date <= days.evaluated_on
            and responses.person_key <> days.person_key
    group by
        variants.parameter_name,
        variants.change_value,
        days.person_key,
        days.evaluated_on

),

advocates as (

    select
        parameter_name,
        change_value,
        count(distinct person_key) as advocate_count
    from counted
    where
        act_count >= minimum_acts
        and week_count >= minimum_weeks
        and people_count >= minimum_people
    group by
        parameter_name,
        change_value

),

listed as (

    select
        {{ built_week() }} as week_start,
        variants.parameter_name,
        cast(variants.change_value as bigint) as change_value,
        coalesce(advocates.advocate_count, 0) as advocate_count
    from variants
    left join advocates
        on
            variants.parameter_name = advocates.parameter_name
            and variants.change_value = advocates.change_value

),

compared as (

    select
        week_start,
        parameter_name,
        change_value,
        advocate_count,
        advocate_count - max(case when parameter_name = 'none' then advocate_count end) over ()
            as difference_count
    from listed

)

select * from compared
