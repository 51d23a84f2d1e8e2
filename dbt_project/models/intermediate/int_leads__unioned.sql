-- Who came to the organisation, whatever CRM knows it. One address is one person however
-- many records it has and wherever they are: the first of them is the lead. A record
-- without an address is a person of its own, and the contact that a lead became is none.
with

hubspot as (

    select
        'hubspot' as crm_code,
        source_name,
        record_id,
        email,
        created_at,
        first_exported_at,
        nullif(lower(trim(original_source_detail_1)), '') as utm_source,
        nullif(lower(trim(original_source_detail_2)), '') as utm_campaign
    from {{ ref('stg_hubspot__contacts') }}
    -- A subscriber reads our news; the CRM itself says that this is no lead yet.
    where coalesce(lower(lifecycle_stage_name), '') <> 'subscriber'

),

salesforce_leads as (

    select
        'salesforce' as crm_code,
        source_name,
        record_id,
        email,
        created_at,
        first_exported_at,
        nullif(lower(trim(source_name_text)), '') as utm_source,
        nullif(lower(trim(campaign_name)), '') as utm_campaign
    from {{ ref('stg_salesforce__leads') }}

),

salesforce_contacts as (

    select
        'salesforce' as crm_code,
        contacts.source_name,
        contacts.record_id,
        contacts.email,
        contacts.created_at,
        contacts.first_exported_at,
        nullif(lower(trim(contacts.source_name_text)), '') as utm_source,
        nullif(lower(trim(contacts.campaign_name)), '') as utm_campaign
    from {{ ref('stg_salesforce__contacts') }} as contacts
    left join salesforce_leads
        on left(contacts.lead_id, 15) = left(salesforce_leads.record_id, 15)
    where salesforce_leads.record_id is null

),

unioned as (

    select * from hubspot

    union all

    select * from salesforce_leads

    union all

    select * from salesforce_contacts

),

first_records as (

    select *
    from unioned
    where created_at is not null
    qualify
        row_number() over (
            partition by coalesce(email, crm_code || '/' || source_name || '/' || record_id)
            order by created_at, crm_code, source_name, record_id
        ) = 1

)

select * from first_records
