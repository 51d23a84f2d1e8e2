{{ config(schema='intermediate', contract={'enforced': false}) }}
-- Everybody with an act, if only a like, by a number that is short to join on, and how high
-- the person can ever have come: a rule that takes four days does not concern who acted on
-- three. Most people acted once, and only the year of being observed concerns them.
with

act_days as (

    select
        person_key,
        occurred_date,
        has_turn,
        scored_text_count
    from {{ ref('int_funnel_act_days__counted') }}

),

evidence as (

    select
        person_key,
        rule_id,
        role_code
    from {{ ref('fct_funnel_evidence') }}
    where role_code <> 'reply_to_us'

),

-- What the mildest version of each rule takes.
minimums as (

    select
        min(case when rule_id = 'participating' then minimum_active_days end) as participating_days,
        min(case when rule_id = 'identified' then minimum_active_days end) as identified_days,
        min(case when rule_id = 'identified' then minimum_scored_texts end) as identified_texts,
        min(case when rule_id = 'advocate' then minimum_acts end) as advocate_acts
    from {{ ref('dim_funnel_rules') }}

),

people as (

    select
        person_key,
        min(occurred_date) as first_act_on,
        count(case when has_turn then 1 end) as turn_day_count,
        sum(scored_text_count) as scored_text_count
    from act_days
    group by person_key

),

-- One row per person with evidence of more than replies to us.
evidenced as (

    select
        person_key,
        count(case when rule_id <> 'advocate' then 1 end) as contact_count,
        count(case when rule_id = 'advocate' then 1 end) as advocacy_count
    from evidence
    group by person_key

),

numbered as (

    select
        cast(row_number() over (order by people.person_key) as integer) as person_number,
        people.person_key,
        people.first_act_on,
        people.turn_day_count >= minimums.participating_days as can_participate,
        people.turn_day_count >= minimums.identified_days
        and people.scored_text_count >= minimums.identified_texts as can_identify,
        coalesce(evidenced.contact_count, 0) > 0 as has_contacts,
        coalesce(evidenced.advocacy_count >= minimums.advocate_acts, false) as can_advocate
    from people
    cross join minimums
    left join evidenced
        on people.person_key = evidenced.person_key

)

select
    *,
    can_identify or has_contacts or can_advocate as can_rise
from numbered
