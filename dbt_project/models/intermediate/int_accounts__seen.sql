-- Handles and names change; the newest act shows the current ones.
with

interactions as (

    select
        interaction_key,
        account_person_key,
        platform_code,
        account_id,
        account_handle,
        display_name,
        is_flagged_admin,
        occurred_at
    from {{ ref('int_interactions__keyed') }}
    where account_person_key is not null

),

counted as (

    select
        account_person_key,
        max(platform_code) as platform_code,
        max(account_id) as account_id,
        bool_or(is_flagged_admin) as is_flagged_admin,
        min(occurred_at) as first_active_at,
        max(occurred_at) as last_active_at,
        count(*) as interaction_count
    from interactions
    group by account_person_key

),

-- Only acts of one moment need to be put in order.
named as (

    select
        interactions.account_person_key,
        interactions.account_handle,
        interactions.display_name
    from interactions
    inner join counted
        on
            interactions.account_person_key = counted.account_person_key
            and interactions.occurred_at = counted.last_active_at
    qualify
        row_number() over (
            partition by interactions.account_person_key
            order by interactions.interaction_key desc
        ) = 1

)

select
    counted.*,
    named.account_handle,
    named.display_name
from counted
inner join named
    on counted.account_person_key = named.account_person_key
