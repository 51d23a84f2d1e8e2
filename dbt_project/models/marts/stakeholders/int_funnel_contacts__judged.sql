{{ config(schema='intermediate', contract={'enforced': false}, materialized='view') }}
-- Activated, nurtured and empowered: the three stages that need evidence of what we
-- did and what came back. Holds only the days of people with such evidence.
with

people as (

    select
        person_key,
        person_number
    from {{ ref('int_funnel_people__numbered') }}
    where has_contacts

),

days as (

    select
        listed.person_number,
        listed.evaluated_on,
        listed.is_review
    from {{ ref('int_funnel_days__listed') }} as listed
    inner join people
        on listed.person_number = people.person_number

),

evidence as (

    select
        people.person_number,
        evidence.rule_id,
        evidence.role_code,
        evidence.evidence_on
    from {{ ref('fct_funnel_evidence') }} as evidence
    inner join people
        on evidence.person_key = people.person_key

),

rules as (

    select *
    from {{ ref('dim_funnel_rules') }}

),

dated as (

    select
        days.person_number,
        days.evaluated_on,
        days.is_review,
        activated.exit_days as activated_exit_days,
        nurtured.minimum_months,
        nurtured.window_months,
        empowered.window_days as empowered_window_days
    from days
    inner join rules as activated
        on
            activated.rule_id = 'activated'
            and days.evaluated_on between activated.valid_from and activated.valid_to
    inner join rules as nurtured
        on
            nurtured.rule_id = 'nurtured'
            and days.evaluated_on between nurtured.valid_from and nurtured.valid_to
    inner join rules as empowered
        on
            empowered.rule_id = 'empowered'
            and days.evaluated_on between empowered.valid_from and empowered.valid_to

),

-- One row per person and day with an answer to a personal contact, or a reply to us.
answered_days as (

    select
        person_number,
        evidence_on,
        max(case when role_code = 'answer' then 1 else 0 end) as answer_number
    from evidence
    where
        rule_id = 'activated'
        and role_code in ('answer', 'reply_to_us')
    group by
        person_number,
        evidence_on

),

replied as (

    select
        dated.*,
        coalesce(answered_days.answer_number, 0) as answer_number,
        max(answered_days.evidence_on) over (
            partition by dated.person_number
            order by dated.evaluated_on
            rows between unbounded preceding and current row
        ) as last_reply_on
    from dated
    left join answered_days
        on
            dated.person_number = answered_days.person_number
            and dated.evaluated_on = answered_days.evidence_on

),

-- As with participating: a review after too long a silence towards us ends the stay.
spelled as (

    select
        replied.*,
        sum(case
            when is_review and last_reply_on <= {{ days_earlier('evaluated_on', 'activated_exit_days') }} then 1
            else 0
        end) over (
            partition by person_number
            order by evaluated_on
            rows between unbounded preceding and current row
        ) as spell_number
    from replied

),

-- One row per person and calendar month with an exchange, and the day of the first.
reciprocal_months as (

    select
        person_number,
        {{ month_number('evidence_on') }} as month_number,
        min(evidence_on) as established_on
    from evidence
    where
        rule_id = 'nurtured'
        and role_code = 'exchange'
    group by
        person_number,
        {{ month_number('evidence_on') }}

),

-- One row per person and day.
nurtured as (

    select
        dated.person_number,
        dated.evaluated_on,
        count(*) as reciprocal_month_count
    from dated
    inner join reciprocal_months
        on
            dated.person_number = reciprocal_months.person_number
            and reciprocal_months.established_on <= dated.evaluated_on
            and reciprocal_months.month_number
            > {{ month_number('dated.evaluated_on') }} - dated.window_months
    group by
        dated.person_number,
        dated.evaluated_on

),

-- One row per person and day.
empowered as (

    select
        dated.person_number,
        dated.evaluated_on,
        count(*) as empowered_act_count
    from dated
    inner join evidence
        on
            dated.person_number = evidence.person_number
            and evidence.rule_id = 'empowered'
            and evidence.evidence_on <= dated.evaluated_on
            and evidence.evidence_on > {{ days_earlier('dated.evaluated_on', 'dated.empowered_window_days') }}
    group by
        dated.person_number,
        dated.evaluated_on

),

judged as (

    select
        spelled.person_number,
        spelled.evaluated_on,
        spelled.last_reply_on,
        coalesce(nurtured.reciprocal_month_count, 0) as reciprocal_month_count,
        coalesce(empowered.empowered_act_count, 0) as empowered_act_count,
        max(spelled.answer_number) over (
            partition by spelled.person_number, spelled.spell_number
            order by spelled.evaluated_on
            rows between unbounded preceding and current row
        ) = 1 as is_activated,
        coalesce(nurtured.reciprocal_month_count, 0) >= spelled.minimum_months as is_nurtured,
        coalesce(empowered.empowered_act_count, 0) > 0 as is_empowered
    from spelled
    left join nurtured
        on
            spelled.person_number = nurtured.person_number
            and spelled.evaluated_on = nurtured.evaluated_on
    left join empowered
        on
            spelled.person_number = empowered.person_number
            and spelled.evaluated_on = empowered.evaluated_on

)

select * from judged
