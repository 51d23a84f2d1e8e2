{{ config(schema='intermediate', contract={'enforced': false}) }}
-- Evidence that takes more than the act itself: what we did and what came back, found
-- beside each other.
with

acts as (

    select
        interaction_key,
        person_key,
        thread_key,
        occurred_at,
        occurred_date,
        parent_interaction_key,
        is_towards_org,
        is_exchange,
        is_towards_others
    from {{ ref('fct_funnel_acts') }}

),

contacts as (

    select
        contact_key,
        person_key,
        contact_kind_code,
        interaction_key,
        thread_key,
        contacted_at,
        contacted_date
    from {{ ref('fct_funnel_contacts') }}

),

rules as (

    select
        rule_id,
        valid_from,
        valid_to,
        answer_days,
        act_days
    from {{ ref('dim_funnel_rules') }}

),

personal_contacts as (

    select
        contacts.contact_key,
        contacts.person_key,
        contacts.interaction_key,
        contacts.thread_key,
        contacts.contacted_at,
        {{ days_later('contacts.contacted_date', 'rules.answer_days') }} as last_answer_on
    from contacts
    inner join rules
        on
            rules.rule_id = 'activated'
            and contacts.contacted_date between rules.valid_from and rules.valid_to
    where contacts.contact_kind_code in ('outreach', 'named_reply')

),

-- One row per personal contact and act that followed it in time. A reply is answered
-- where it stands; a call or letter, anywhere. Apart, both are joins on keys: whoever is
-- often answered also says much.
following as (

    {% for condition in ['personal_contacts.thread_key = acts.thread_key', 'personal_contacts.thread_key is null'] -%}
    select
        personal_contacts.contact_key,
        personal_contacts.interaction_key as contact_interaction_key,
        acts.interaction_key,
        acts.person_key,
        acts.occurred_at,
        acts.occurred_date
    from personal_contacts
    inner join acts
        on
            personal_contacts.person_key = acts.person_key
            and {{ condition }}
            and acts.occurred_at > personal_contacts.contacted_at
            and acts.occurred_date <= personal_contacts.last_answer_on
            and acts.is_towards_org
    {{- '\n\n    union all\n\n    ' if not loop.last }}
    {%- endfor %}

),

-- The first of them answers.
answers as (

    select
        contact_key,
        contact_interaction_key,
        interaction_key,
        person_key,
        occurred_at,
        occurred_date,
        row_number() over (
            partition by contact_key
            order by occurred_at, interaction_key
        ) as answer_number
    from following

),

-- One row per empowerment and act on it.
empowered_acts as (

    select
        acts.interaction_key,
        acts.person_key,
        acts.occurred_at,
        acts.occurred_date
    from contacts
    inner join rules
        on
            rules.rule_id = 'empowered'
            and contacts.contacted_date between rules.valid_from and rules.valid_to
    inner join acts
        on
            contacts.person_key = acts.person_key
            and acts.occurred_at > contacts.contacted_at
            and acts.occurred_date <= {{ days_later('contacts.contacted_date', 'rules.act_days') }}
    where
        contacts.contact_kind_code = 'empowerment'
        and acts.is_towards_others

),

-- An act that answers two contacts or acts on two kits is one piece of evidence; an answer
-- of ours that two acts came back on, one contact.
shared as (

    select
        person_key,
        'activated' as rule_id,
        'answer' as role_code,
        interaction_key as source_key,
        interaction_key,
        occurred_at,
        occurred_date as evidence_on
    from answers
    where answer_number = 1

    union all

    select
        person_key,
        'activated' as rule_id,
        'contact' as role_code,
        contact_key as source_key,
        contact_interaction_key as interaction_key,
        occurred_at,
        occurred_date as evidence_on
    from answers
    where answer_number = 1

    union all

    select
        person_key,
        'nurtured' as rule_id,
        'contact' as role_code,
        parent_interaction_key as source_key,
        parent_interaction_key as interaction_key,
        occurred_at,
        occurred_date as evidence_on
    from acts
    where is_exchange

    union all

    select
        person_key,
        'empowered' as rule_id,
        'act' as role_code,
        interaction_key as source_key,
        interaction_key,
        occurred_at,
        occurred_date as evidence_on
    from empowered_acts

)

select
    person_key,
    rule_id,
    role_code,
    source_key,
    max(interaction_key) as interaction_key,
    min(occurred_at) as occurred_at,
    min(evidence_on) as evidence_on
from shared
group by
    person_key,
    rule_id,
    role_code,
    source_key
