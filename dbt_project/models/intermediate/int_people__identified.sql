-- Who an account is, decided in this order: what the programme files declare, by id or
-- by handle where one of the two has no id, known programs, and last the site's own administrators, whom nobody declared: they are
-- neither audience nor us, so they are unknown. Everybody else is a stakeholder.
with

interactions as (

    select
        interaction_key,
        platform_code,
        person_key,
        account_id,
        account_handle,
        display_name,
        is_flagged_admin,
        occurred_at
    from {{ ref('int_interactions__keyed') }}
    where person_key is not null

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

people as (

    select
        person_key,
        max(platform_code) as platform_code,
        max(account_id) as account_id,
        bool_or(is_flagged_admin) as is_flagged_admin,
        min(occurred_at) as first_active_at,
        max(occurred_at) as last_active_at,
        count(*) as interaction_count
    from interactions
    group by person_key

),

-- Handles and names change; the newest act shows the current ones.
named as (

    select
        person_key,
        account_handle,
        display_name
    from interactions
    qualify
        row_number() over (
            partition by person_key
            order by occurred_at desc, interaction_key desc
        ) = 1

),

classified as (

    select
        people.person_key,
        people.platform_code,
        people.account_id,
        named.account_handle,
        named.display_name,
        case
            when length(split_part(trim(named.display_name), ' ', 1)) >= 3
                then split_part(trim(named.display_name), ' ', 1)
        end as first_name,
        case
            when declared.actor_class_code is not null then declared.actor_class_code
            when declared_handles.actor_class_code is not null then declared_handles.actor_class_code
            when employees.account_id is not null then 'employee'
            when known_bots.account_handle is not null then 'bot'
            when people.is_flagged_admin then 'unknown'
            else 'stakeholder'
        end as actor_class_code,
        people.first_active_at,
        people.last_active_at,
        people.interaction_count
    from people
    inner join named
        on people.person_key = named.person_key
    left join declared
        on
            people.platform_code = declared.platform_code
            and people.account_id = declared.account_id
    -- Handles pass from one account to another; an id on both sides decides alone.
    left join declared_handles
        on
            people.platform_code = declared_handles.platform_code
            and lower(named.account_handle) = declared_handles.account_handle
            and (
                declared_handles.is_without_id
                or people.account_id = 'name/' || lower(named.account_handle)
            )
    left join employees
        on
            people.platform_code = employees.platform_code
            and people.account_id = employees.account_id
    left join known_bots
        on
            people.platform_code = known_bots.platform_code
            and lower(named.account_handle) = known_bots.account_handle

)

select * from classified
