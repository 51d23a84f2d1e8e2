-- Reactions of single accounts, where an export says who and when. Lists of who liked a post
-- say nothing of when on Mastodon; what tells the account of it does. Most platforms tell
-- only how many there were.
with

told as (

    select
        'bluesky' as platform_code,
        account_did as account_id,
        account_handle,
        post_uri as reacted_id,
        least(liked_at, indexed_at) as reacted_at
    from {{ ref('stg_bluesky__likes') }}

    union all

    select
        'bluesky' as platform_code,
        account_did as account_id,
        account_handle,
        post_uri as reacted_id,
        indexed_at as reacted_at
    from {{ ref('stg_bluesky__notifications') }}
    where notification_code = 'like'

    union all

    select
        'mastodon' as platform_code,
        account_uri as account_id,
        {{ fediverse_handle('account_name', 'account_uri') }} as account_handle,
        post_uri as reacted_id,
        notified_at as reacted_at
    from {{ ref('stg_mastodon__notifications') }}
    where notification_code = 'favourite'

),

-- One row per account and post, whatever exports tell of it.
reactions as (

    select
        platform_code,
        account_id,
        max(account_handle) as account_handle,
        reacted_id,
        min(reacted_at) as reacted_at
    from told
    where
        account_id is not null
        and reacted_id is not null
    group by
        platform_code,
        account_id,
        reacted_id

)

select * from reactions
where reacted_at is not null
