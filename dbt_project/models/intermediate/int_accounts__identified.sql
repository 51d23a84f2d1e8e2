-- Who an account is, decided in this order: what the programme files declare, by id or by
-- handle where one of the two has no id, known programs, and last the site's own
-- administrators, whom nobody declared: they are neither audience nor us, so they are
-- unknown. Everybody else is a stakeholder.
with

accounts as (

    select * from {{ ref('int_accounts__seen') }}

),

declared as (

    select
        platform_code,
        account_id,
        max(actor_class_code) as actor_class_code
    from {{ ref('int_accounts__declared') }}
    where account_id is not null
    group by
        platform_code,
        account_id

),

declared_handles as (

    select
        platform_code,
        lower(account_handle) as account_handle,
        max(actor_class_code) as actor_class_code,
        bool_or(account_id is null) as is_without_id
    from {{ ref('int_accounts__declared') }}
    where account_handle is not null
    group by
        platform_code,
        lower(account_handle)

),

employees as (

    select
        platform_code,
        account_id
    from {{ ref('stg_programme__employee_roster') }}
    where account_id is not null
    group by
        platform_code,
        account_id

),

known_bots as (

    select
        platform_code,
        account_handle
    from {{ ref('known_bots') }}

),

classified as (

    select
        accounts.account_person_key,
        accounts.platform_code,
        accounts.account_id,
        accounts.account_handle,
        accounts.display_name,
        case
            when length(split_part(trim(accounts.display_name), ' ', 1)) >= 3
                then split_part(trim(accounts.display_name), ' ', 1)
        end as first_name,
        case
            when declared.actor_class_code is not null then declared.actor_class_code
            when declared_handles.actor_class_code is not null then declared_handles.actor_class_code
            when employees.account_id is not null then 'employee'
            when known_bots.account_handle is not null then 'bot'
            when accounts.is_flagged_admin then 'unknown'
            else 'stakeholder'
        end as actor_class_code,
        accounts.first_active_at,
        accounts.last_active_at,
        accounts.interaction_count
    from accounts
    left join declared
        on
            accounts.platform_code = declared.platform_code
            and accounts.account_id = declared.account_id
    -- Handles pass from one account to another; an id on both sides decides alone.
    left join declared_handles
        on
            accounts.platform_code = declared_handles.platform_code
            and lower(accounts.account_handle) = declared_handles.account_handle
            and (
                declared_handles.is_without_id
                or accounts.account_id = 'name/' || lower(accounts.account_handle)
            )
    left join employees
        on
            accounts.platform_code = employees.platform_code
            and accounts.account_id = employees.account_id
    left join known_bots
        on
            accounts.platform_code = known_bots.platform_code
            and lower(accounts.account_handle) = known_bots.account_handle

)

select * from classified
