{{ config(schema='intermediate', contract={'enforced': false}) }}
{%- set window_start = days_later(built_week(), '7 - thresholds.aspine_window_days') %}
-- Everything that exports tell of single stakeholders in the window, by verb. A quote is
-- a conversation opened and not a share as well.
with

thresholds as (

    select aspine_window_days
    from {{ ref('int_thresholds__pivoted') }}

),

people as (

    select person_key
    from {{ ref('dim_people') }}
    where actor_class_code = 'stakeholder'

),

accounts as (

    select
        person_key,
        account_person_key
    from {{ ref('bdg_people_accounts') }}

),

acts as (

    select
        person_key,
        verb_code,
        occurred_at
    from {{ ref('fct_interactions') }}
    where verb_code in ('create', 'reply')

    union all

    select
        accounts.person_key,
        'share' as verb_code,
        shares.shared_at as occurred_at
    from {{ ref('int_shares__unioned') }} as shares
    inner join accounts
        on {{ person_key('shares.platform_code', 'shares.account_id') }} = accounts.account_person_key
    where not shares.has_commentary

    union all

    select
        accounts.person_key,
        'react' as verb_code,
        reactions.reacted_at as occurred_at
    from {{ ref('int_reactions__unioned') }} as reactions
    inner join accounts
        on {{ person_key('reactions.platform_code', 'reactions.account_id') }} = accounts.account_person_key

    union all

    select
        person_key,
        case kind_code when 'lead' then 'register' else 'download' end as verb_code,
        occurred_at
    from {{ ref('int_conversion_people__tied') }}

),

dated as (

    select
        acts.person_key,
        acts.verb_code,
        {{ local_date('acts.occurred_at') }} as occurred_date
    from acts
    inner join people
        on acts.person_key = people.person_key
    cross join thresholds
    where
        acts.occurred_at < {{ observed_until() }}
        and {{ local_date('acts.occurred_at') }} >= {{ window_start }}

)

select * from dated
