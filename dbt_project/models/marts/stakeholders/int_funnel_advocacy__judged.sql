{{ config(schema='intermediate', contract={'enforced': false}) }}
-- Advocate: acts of advocacy that repeat over weeks and that other people respond to.
-- Holds only the days of people with any such act.
with

days as (

    select
        person_key,
        evaluated_on
    from {{ ref('int_funnel_days__listed') }}

),

evidence as (

    select
        person_key,
        interaction_key,
        evidence_on
    from {{ ref('fct_funnel_evidence') }}
    where rule_id = 'advocate'

),

responses as (

    select
        parent_interaction_key,
        person_key,
        occurred_date
    from {{ ref('fct_interactions') }}
    where
        parent_interaction_key is not null
        and actor_class_code = 'stakeholder'

),

rules as (

    select
        valid_from,
        valid_to,
        window_days,
        minimum_acts,
        minimum_weeks,
        minimum_people
    from {{ ref('dim_funnel_rules') }}
    where rule_id = 'advocate'

),

-- One row per person, day and act of advocacy in its window.
windowed as (

    select
        days.person_key,
        days.evaluated_on,
        evidence.interaction_key,
        evidence.evidence_on,
        rules.minimum_acts,
        rules.minimum_weeks,
        rules.minimum_people
    from days
    inner join rules
        on days.evaluated_on between rules.valid_from and rules.valid_to
    inner join evidence
        on
            days.person_key = evidence.person_key
            and evidence.evidence_on <= days.evaluated_on
            and evidence.evidence_on > {{ days_earlier('days.evaluated_on', 'rules.window_days') }}

),

-- The responses multiply the acts, hence the distinct counts: one row per person and day.
counted as (

    select
        windowed.person_key,
        windowed.evaluated_on,
        count(distinct windowed.interaction_key) as advocacy_act_count,
        count(distinct {{ reporting_week('windowed.evidence_on') }}) as advocacy_week_count,
        count(distinct responses.person_key) as engaged_people_count,
        max(windowed.minimum_acts) as minimum_acts,
        max(windowed.minimum_weeks) as minimum_weeks,
        max(windowed.minimum_people) as minimum_people
    from windowed
    left join responses
        on
            windowed.interaction_key = responses.parent_interaction_key
            and responses.occurred_date <= windowed.evaluated_on
            and responses.person_key <> windowed.person_key
    group by
        windowed.person_key,
        windowed.evaluated_on

),

judged as (

    select
        person_key,
        evaluated_on,
        advocacy_act_count,
        advocacy_week_count,
        engaged_people_count,
        advocacy_act_count >= minimum_acts
        and advocacy_week_count >= minimum_weeks
        and engaged_people_count >= minimum_people as is_advocate
    from counted

)

select * from judged
