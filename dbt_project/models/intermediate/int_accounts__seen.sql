-- Handles and names change; the newest act shows the current ones. Who never spoke is known
-- by what was done without words.
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

),

speaking as (

    select
        counted.*,
        named.account_handle,
        named.display_name
    from counted
    inner join named
        on counted.account_person_key = named.account_person_key

),

-- One row per account.
wordless as (

    select
        account_person_key,
        platform_code,
        account_id,
        account_handle,
        min(occurred_at) over (partition by account_person_key) as first_active_at,
        occurred_at as last_active_at
    from {{ ref('int_wordless_acts__unioned') }}
    qualify
        row_number() over (
            partition by account_person_key
            order by occurred_at desc, act_key desc
        ) = 1

)

select
    coalesce(speaking.account_person_key, wordless.account_person_key) as account_person_key,
    coalesce(speaking.platform_code, wordless.platform_code) as platform_code,
    coalesce(speaking.account_id, wordless.account_id) as account_id,
    coalesce(speaking.is_flagged_admin, false) as is_flagged_admin,
    least(speaking.first_active_at, wordless.first_active_at) as first_active_at,
    greatest(speaking.last_active_at, wordless.last_active_at) as last_active_at,
    coalesce(speaking.interaction_count, 0) as interaction_count,
    coalesce(
        case when wordless.last_active_at > speaking.last_active_at then wordless.account_handle end,
        speaking.account_handle,
        wordless.account_handle
    ) as account_handle,
    speaking.display_name
from speaking
full outer join wordless
    on speaking.account_person_key = wordless.account_person_key
