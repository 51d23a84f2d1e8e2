-- Who says that an account belongs to whom: decisions of a person, and lists that name
-- the accounts or the address of one employee who takes part. A claim names an owner: a
-- person code, an employee code or the digest of an address; accounts that claim the same
-- owner are one person.
with

decisions as (

    select * from {{ ref('stg_programme__people_links') }}

),

roster as (

    select
        employee_code,
        platform_code,
        nullif(trim(account_id), '') as account_id,
        nullif(trim(account_handle), '') as account_handle,
        email_hash,
        exported_at,
        file_sha256
    from {{ ref('stg_programme__employee_roster') }}
    where has_opted_in and platform_code is not null

),

enrolled as (

    select employee_code
    from roster
    group by employee_code

),

owned_accounts as (

    select
        accounts.employee_code,
        accounts.platform_code,
        nullif(trim(accounts.account_id), '') as account_id,
        nullif(trim(accounts.account_handle), '') as account_handle,
        accounts.exported_at,
        accounts.file_sha256
    from {{ ref('stg_programme__owned_accounts') }} as accounts
    inner join enrolled
        on accounts.employee_code = enrolled.employee_code

),

decided as (

    select
        action_code,
        platform_code,
        account_id,
        account_handle,
        decided_by,
        cast(decided_on as timestamp) as decided_at,
        source_name,
        row_number,
        is_shared_inbox,
        person_code,
        email_hash,
        file_sha256
    from decisions

),

claims as (

    select
        action_code,
        'declared_link' as rule_code,
        'person/' || person_code as owner_code,
        platform_code,
        account_id,
        account_handle,
        decided_by,
        decided_at,
        source_name,
        row_number,
        false as is_shared_inbox,
        file_sha256
    from decided
    where person_code is not null or action_code = 'unlink'

    union all

    select
        action_code,
        'same_email' as rule_code,
        'email/' || email_hash as owner_code,
        platform_code,
        account_id,
        account_handle,
        decided_by,
        decided_at,
        source_name,
        row_number,
        is_shared_inbox,
        file_sha256
    from decided
    where email_hash is not null and action_code = 'link'
    {% for relation, rule, owner, condition in [
        ('roster', 'declared_handle', "'employee/' || employee_code", 'true'),
        ('roster', 'same_email', "'email/' || email_hash", 'email_hash is not null'),
        ('owned_accounts', 'declared_handle', "'employee/' || employee_code", 'true'),
    ] %}
    union all

    select
        'link' as action_code,
        '{{ rule }}' as rule_code,
        {{ owner }} as owner_code,
        platform_code,
        account_id,
        account_handle,
        'programme file' as decided_by,
        exported_at as decided_at,
        cast(null as varchar) as source_name,
        cast(null as bigint) as row_number,
        false as is_shared_inbox,
        file_sha256
    from {{ relation }}
    where {{ condition }}
    {% endfor %}
)

select * from claims
where account_id is not null or account_handle is not null
