-- One row per time that the organisation turned to a stakeholder: a logged outreach
-- or empowerment, or a reply in the community.
with

interactions as (

    select
        interaction_key,
        platform_code,
        actor_class_code,
        thread_key,
        parent_person_key,
        occurred_at,
        occurred_date,
        names_person
    from {{ ref('fct_interactions') }}

),

people as (

    select
        person_key,
        actor_class_code
    from {{ ref('dim_people') }}

),

outreach as (

    select
        entry_id,
        entry_kind_code,
        platform_code,
        person_key,
        contacted_at,
        contacted_date,
        empowerment_code
    from {{ ref('int_outreach__identified') }}
    where
        person_key is not null
        -- Whoever asked to be left alone was not contacted by that.
        and entry_kind_code <> 'opt_out'

),

replies as (

    select
        interaction_key as contact_key,
        parent_person_key as person_key,
        platform_code,
        case when names_person then 'named_reply' else 'reply' end as contact_kind_code,
        cast(null as varchar) as empowerment_code,
        interaction_key,
        thread_key,
        occurred_at as contacted_at,
        occurred_date as contacted_date
    from interactions
    where
        actor_class_code in ('org', 'employee')
        and parent_person_key is not null

),

logged as (

    select
        {{ surrogate_key(["'outreach'", 'entry_id']) }} as contact_key,
        person_key,
        platform_code,
        entry_kind_code as contact_kind_code,
        empowerment_code,
        cast(null as varchar) as interaction_key,
        cast(null as varchar) as thread_key,
        contacted_at,
        contacted_date
    from outreach

),

gathered as (

    select * from replies
    union all
    select * from logged

),

contacts as (

    select gathered.*
    from gathered
    inner join people
        on gathered.person_key = people.person_key
    where people.actor_class_code = 'stakeholder'

)

select * from contacts
