{{ config(schema='intermediate', contract={'enforced': false}) }}
-- What employees passed on: reposts and quotes that exports show, and shares that a file of
-- the programme notes. A platform's own record and the file's note of one act on one day
-- are one share.
with

accounts as (

    select
        employee_code,
        person_key,
        platform_code,
        account_id
    from {{ ref('int_employee_accounts__linked') }}

),

noted as (

    select
        accounts.person_key,
        acts.platform_code,
        acts.content_url,
        coalesce(acts.has_commentary, false) as has_commentary,
        acts.acted_at
    from {{ ref('stg_programme__employee_acts') }} as acts
    inner join (
        select
            employee_code,
            min(person_key) as person_key
        from accounts
        group by employee_code
    ) as accounts
        on acts.employee_code = accounts.employee_code
    where acts.act_code = 'share' and acts.acted_at is not null

),

shown as (

    select * from {{ ref('int_shares__unioned') }}

),

gathered as (

    select
        accounts.person_key,
        shown.platform_code,
        shown.source_id,
        {{ id_of_native('shown.platform_code', 'shown.shared_id') }} as shared_id,
        shown.has_commentary,
        shown.shared_at
    from shown
    inner join accounts
        on
            shown.platform_code = accounts.platform_code
            and shown.account_id = accounts.account_id

    union all

    select
        person_key,
        platform_code,
        cast(null as varchar) as source_id,
        coalesce({{ id_of_url('platform_code', 'content_url') }}, {{ bare_url('content_url') }}) as shared_id,
        has_commentary,
        acted_at as shared_at
    from noted

),

-- One row per share, whatever files and exports hold it.
shares as (

    select
        person_key,
        platform_code,
        max(source_id) as source_id,
        shared_id,
        bool_or(has_commentary) as has_commentary,
        min(shared_at) as shared_at
    from gathered
    where shared_at < {{ week_end_at() }}
    group by
        person_key,
        platform_code,
        shared_id,
        coalesce(shared_id, source_id, cast(shared_at as varchar)),
        {{ local_date('shared_at') }}

)

select * from shares
