-- Conversations with support accounts. A customer is a number, a brand a handle; which brand
-- is ours, owned_accounts declares. These are not X's own numbers: the set renamed them.
with recursive

tweets as (

    select * from {{ ref('stg_support__tweets') }}

),

-- A thread begins at a tweet that answers none, or at one whose parent nobody handed in.
threaded (tweet_id, thread_id) as (

    select
        tweets.tweet_id,
        coalesce(tweets.reply_to_tweet_id, tweets.tweet_id) as thread_id
    from tweets
    left join tweets as parents
        on tweets.reply_to_tweet_id = parents.tweet_id
    where parents.tweet_id is null

    union all

    select
        tweets.tweet_id,
        threaded.thread_id
    from tweets
    inner join threaded
        on tweets.reply_to_tweet_id = threaded.tweet_id

),

shaped as (

    select
        'support' as platform_code,
        tweets.tweet_id as source_id,
        threaded.thread_id,
        tweets.reply_to_tweet_id as parent_id,
        tweets.reply_to_tweet_id is null as is_root,
        tweets.author_id as account_id,
        case when not {{ matches_pattern('tweets.author_id', '^[0-9]+$') }} then tweets.author_id end
            as account_handle,
        cast(null as varchar) as display_name,
        false as is_flagged_admin,
        cast(null as varchar) as title_text,
        tweets.body_text,
        tweets.created_at as occurred_at,
        cast(null as bigint) as like_count,
        tweets.source_name,
        tweets.exported_at,
        tweets.file_sha256
    from tweets
    inner join threaded
        on tweets.tweet_id = threaded.tweet_id

)

select * from shaped
