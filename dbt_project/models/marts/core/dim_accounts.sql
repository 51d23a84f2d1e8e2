-- Accounts that publish, not people who talk: staff of a community are in dim_people, so
-- that no person's handle is published here.
with

declared as (

    select
        account_key,
        platform_code,
        account_handle,
        account_name,
        actor_class_code,
        source_name
    from {{ ref('int_accounts__declared') }}
    where
        platform_kind_code = 'channel'
        and actor_class_code in ('org', 'bot')

),

employees as (

    select account_key
    from {{ ref('int_accounts__declared') }}
    where
        platform_kind_code = 'channel'
        and actor_class_code = 'employee'

),

posts as (

    select
        account_key,
        platform_code,
        coalesce(source_account_handle, source_account_id, source_name) as account_handle,
        source_name
    from {{ ref('int_posts__attributed') }}

    union all

    select
        account_key,
        platform_code,
        account_handle,
        source_name
    from {{ ref('int_account_days__attributed') }}

),

-- One row per account that exports know and that is not declared as the organisation's. An
-- employee's is told from others by its key alone.
undeclared as (

    select
        posts.account_key,
        max(posts.platform_code) as platform_code,
        case
            when max(employees.account_key) is null then max(posts.account_handle)
            else 'employee ' || left(posts.account_key, 8)
        end as account_handle,
        cast(null as varchar) as account_name,
        case when max(employees.account_key) is null then 'unknown' else 'employee' end as actor_class_code,
        case when max(employees.account_key) is null then max(posts.source_name) end as source_name
    from posts
    left join declared
        on posts.account_key = declared.account_key
    left join employees
        on posts.account_key = employees.account_key
    where declared.account_key is null
    group by posts.account_key

),

accounts as (

    select * from declared

    union all

    select * from undeclared

)

select * from accounts
