-- Our own posts with their counters. What others wrote is a turn, no post of ours.
with

accounts as (

    select
        account_id,
        account_handle,
        lower(ltrim(account_handle, '@')) as handle
    from {{ ref('int_accounts__declared') }}
    where
        platform_code = 'bluesky'
        and actor_class_code = 'org'

),

posts as (

    select * from {{ ref('stg_bluesky__posts') }}

),

-- Same grain: the account is declared by its did, or else by its handle.
shaped as (

    select
        'bluesky' as platform_code,
        posts.source_name,
        posts.post_uri as post_id,
        posts.account_did as source_account_id,
        accounts.account_handle as source_account_handle,
        posts.post_text,
        least(posts.posted_at, posts.indexed_at) as posted_at,
        {{ local_date('least(posts.posted_at, posts.indexed_at)') }} as posted_date,
        cast(null as boolean) as is_boosted,
        posts.reply_count as comment_count,
        {{ sum_reported(['posts.repost_count', 'posts.quote_count']) }} as share_count,
        posts.like_count as reaction_count,
        posts.bookmark_count as save_count,
        cast(null as bigint) as click_count,
        cast(null as bigint) as follow_count,
        cast(null as bigint) as profile_visit_count,
        cast(null as bigint) as impression_count,
        cast(null as bigint) as view_count,
        cast(null as bigint) as reach_count,
        posts.exported_at as observed_at,
        posts.file_sha256
    from posts
    inner join accounts
        on
            posts.account_did = accounts.account_id
            or (accounts.account_id is null and lower(posts.account_handle) = accounts.handle)

)

select * from shaped
