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

-- One row per person and day of acts. On any later day, only the last such day of a week
-- so far stands for the week.
evidence_days as (

    select
        person_number,
        evidence_on,
        count(*) as act_count,
        lead(evidence_on) over (
            partition by person_number, {{ reporting_week('evidence_on') }}
            order by evidence_on
        ) as replaced_on
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

-- One row per response that stands for somebody on some day: not one that came only when
-- a later act had been responded to, or when its act had left the window.
responding as (

    select
        responses.person_number,
        rules.valid_from,
        responses.known_on,
        least(responses.replaced_on, {{ days_later('responses.evidence_on', 'rules.window_days') }}) as left_on
    from responses
    cross join rules
    where responses.known_on < least(responses.replaced_on, {{ days_later('responses.evidence_on', 'rules.window_days') }})

),

-- What enters the window of a rule on a day, and what leaves it: counted up from day to
-- day, because whoever advocates daily has as many pairs of days as days squared.
changes as (

    select
        evidence_days.person_number,
        rules.valid_from,
        evidence_days.evidence_on as changed_on,
        evidence_days.act_count,
        1 as week_count,
        0 as people_count
    from evidence_days
    cross join rules

    union all

    select
        evidence_days.person_number,
        rules.valid_from,
        {{ days_later('evidence_days.evidence_on', 'rules.window_days') }} as changed_on,
        -evidence_days.act_count as act_count,
        0 as week_count,
        0 as people_count
    from evidence_days
    cross join rules

    union all

    select
        evidence_days.person_number,
        rules.valid_from,
        least(
            evidence_days.replaced_on,
            {{ days_later('evidence_days.evidence_on', 'rules.window_days') }}
        ) as changed_on,
        0 as act_count,
        -1 as week_count,
        0 as people_count
    from evidence_days
    cross join rules

    union all

    select
        person_number,
        valid_from,
        known_on as changed_on,
        0 as act_count,
        0 as week_count,
        1 as people_count
    from responding

    union all

    select
        person_number,
        valid_from,
        left_on as changed_on,
        0 as act_count,
        0 as week_count,
        -1 as people_count
    from responding

),

listed as (

    select
        person_number,
        valid_from,
        changed_on,
        act_count,
        week_count,
        people_count,
        false as is_day
    from changes

    union all

    select
        days.person_number,
        rules.valid_from,
        days.evaluated_on as changed_on,
        0 as act_count,
        0 as week_count,
        0 as people_count,
        true as is_day
    from days
    inner join rules
        on days.evaluated_on between rules.valid_from and rules.valid_to

),

-- What changes on a day counts on the day itself: the day stands after its changes.
counted as (

    select
        person_number,
        valid_from,
        changed_on as evaluated_on,
        is_day,
        cast(sum(act_count) over until_day as bigint) as advocacy_act_count,
        cast(sum(week_count) over until_day as bigint) as advocacy_week_count,
        cast(sum(people_count) over until_day as bigint) as engaged_people_count
    from listed
    window until_day as (
        partition by person_number, valid_from
        order by changed_on, is_day
        rows between unbounded preceding and current row
    )

),

-- One row per person and day with acts in its window.
judged as (

    select
        counted.person_number,
        counted.evaluated_on,
        counted.advocacy_act_count,
        counted.advocacy_week_count,
        counted.engaged_people_count,
        counted.advocacy_act_count >= rules.minimum_acts
        and counted.advocacy_week_count >= rules.minimum_weeks
        and counted.engaged_people_count >= rules.minimum_people as is_advocate
    from counted
    inner join rules
        on counted.valid_from = rules.valid_from
    where
        counted.is_day
        and counted.advocacy_act_count > 0

)

select * from judged
