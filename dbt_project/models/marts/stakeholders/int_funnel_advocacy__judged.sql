{{ config(schema='intermediate', contract={'enforced': false}) }}
-- Advocate: acts of advocacy that repeat over weeks and that other people respond to.
-- Holds only the days of people with enough such acts in all.
with

people as (

    select
        person_key,
        person_number
    from {{ ref('int_funnel_people__numbered') }}
    where can_advocate

),

days as (

    select
        listed.person_number,
        listed.evaluated_on
    from {{ ref('int_funnel_days__listed') }} as listed
    inner join people
        on listed.person_number = people.person_number

),

-- One row per act of advocacy.
evidence as (

    select
        people.person_number,
        evidence.person_key,
        evidence.interaction_key,
        evidence.evidence_on
    from {{ ref('fct_funnel_evidence') }} as evidence
    inner join people
        on evidence.person_key = people.person_key
    where evidence.rule_id = 'advocate'
    group by
        people.person_number,
        evidence.person_key,
        evidence.interaction_key,
        evidence.evidence_on

),

-- One row per act and other person: the first day of a response.
responses as (

    select
        evidence.person_number,
        evidence.evidence_on,
        interactions.person_key as responding_key,
        min(interactions.occurred_date) as responded_on
    from {{ ref('fct_interactions') }} as interactions
    inner join evidence
        on interactions.parent_interaction_key = evidence.interaction_key
    where
        interactions.actor_class_code = 'stakeholder'
        and interactions.person_key <> evidence.person_key
    group by
        evidence.person_number,
        evidence.evidence_on,
        interactions.person_key

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

dated as (

    select
        days.person_number,
        days.evaluated_on,
        {{ days_earlier('days.evaluated_on', 'rules.window_days') }} as window_before,
        rules.minimum_acts,
        rules.minimum_weeks,
        rules.minimum_people
    from days
    inner join rules
        on days.evaluated_on between rules.valid_from and rules.valid_to

),

-- One row per person and day with acts in its window.
acted as (

    select
        dated.person_number,
        dated.evaluated_on,
        dated.window_before,
        dated.minimum_acts,
        dated.minimum_weeks,
        dated.minimum_people,
        count(*) as advocacy_act_count,
        count(distinct {{ reporting_week('evidence.evidence_on') }}) as advocacy_week_count
    from dated
    inner join evidence
        on
            dated.person_number = evidence.person_number
            and evidence.evidence_on <= dated.evaluated_on
            and evidence.evidence_on > dated.window_before
    group by
        dated.person_number,
        dated.evaluated_on,
        dated.window_before,
        dated.minimum_acts,
        dated.minimum_weeks,
        dated.minimum_people

),

-- One row per person and day with responses by others to those acts.
engaged as (

    select
        acted.person_number,
        acted.evaluated_on,
        count(distinct responses.responding_key) as engaged_people_count
    from acted
    inner join responses
        on
            acted.person_number = responses.person_number
            and responses.evidence_on <= acted.evaluated_on
            and responses.evidence_on > acted.window_before
            and responses.responded_on <= acted.evaluated_on
    group by
        acted.person_number,
        acted.evaluated_on

),

counted as (

    select
        acted.*,
        coalesce(engaged.engaged_people_count, 0) as engaged_people_count
    from acted
    left join engaged
        on
            acted.person_number = engaged.person_number
            and acted.evaluated_on = engaged.evaluated_on

),

judged as (

    select
        person_number,
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
