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

-- Days join on days: whoever advocates often does so many times a day. On any later day,
-- only the last day of acts of a week so far stands for the week.
evidence_days as (

    select
        person_number,
        evidence_on,
        count(*) as act_count,
        lead(evidence_on) over (
            partition by person_number, {{ reporting_week('evidence_on') }}
            order by evidence_on
        ) as later_in_week_on
    from evidence
    group by
        person_number,
        evidence_on

),

-- One row per person, day of acts and other person: the first day of a response.
responded as (

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

-- On any day, only the last act that somebody had responded to by then stands for the
-- response: from known_on to the day before replaced_on.
responses as (

    select
        person_number,
        evidence_on,
        greatest(evidence_on, responded_on) as known_on,
        min(greatest(evidence_on, responded_on)) over (
            partition by person_number, responding_key
            order by evidence_on
            rows between 1 following and unbounded following
        ) as replaced_on
    from responded

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

-- One row per person and day with acts in its window; one rule holds on a day.
acted as (

    select
        dated.person_number,
        dated.evaluated_on,
        max(dated.window_before) as window_before,
        max(dated.minimum_acts) as minimum_acts,
        max(dated.minimum_weeks) as minimum_weeks,
        max(dated.minimum_people) as minimum_people,
        cast(sum(evidence_days.act_count) as bigint) as advocacy_act_count,
        count(case
            when evidence_days.later_in_week_on <= dated.evaluated_on then null
            else 1
        end) as advocacy_week_count
    from dated
    inner join evidence_days
        on
            dated.person_number = evidence_days.person_number
            and evidence_days.evidence_on <= dated.evaluated_on
            and evidence_days.evidence_on > dated.window_before
    group by
        dated.person_number,
        dated.evaluated_on

),

-- One row per person and day with responses by others to those acts.
engaged as (

    select
        acted.person_number,
        acted.evaluated_on,
        count(*) as engaged_people_count
    from acted
    inner join responses
        on
            acted.person_number = responses.person_number
            and responses.known_on <= acted.evaluated_on
            and responses.evidence_on > acted.window_before
            and coalesce(responses.replaced_on > acted.evaluated_on, true)
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
