-- Reposts and quotes by anybody, where an export says who and when. A repost says nothing
-- of its own and is no turn; a quote is a turn as well, with words of its own. What tells
-- our account of a repost names it on Bluesky only: elsewhere it counts where nothing else
-- shows that the account passed the post on.
with

shown_boosts as (

    select
        account_uri,
        boosted_post_uri as post_uri
    from {{ ref('stg_mastodon__statuses') }}
    where boosted_post_uri is not null

    union

    select
        account_uri,
        post_uri
    from {{ ref('stg_mastodon__archived_boosts') }}

),

unioned as (

    select
        'x' as platform_code,
        account_id,
        account_handle,
        post_id as source_id,
        coalesce(reposted_post_id, quoted_post_id) as shared_id,
        reposted_post_id is null as has_commentary,
        posted_at as shared_at
    from {{ ref('stg_x__searched_posts') }}
    where coalesce(reposted_post_id, quoted_post_id) is not null

    union all

    select
        'mastodon' as platform_code,
        account_uri as account_id,
        {{ fediverse_handle('account_name', 'account_uri') }} as account_handle,
        post_uri as source_id,
        coalesce(boosted_post_uri, quoted_post_uri) as shared_id,
        boosted_post_uri is null as has_commentary,
        posted_at as shared_at
    from {{ ref('stg_mastodon__statuses') }}
    where coalesce(boosted_post_uri, quoted_post_uri) is not null

    union all

    select
        'mastodon' as platform_code,
        account_uri as account_id,
        cast(null as varchar) as account_handle,
        boost_uri as source_id,
        post_uri as shared_id,
        false as has_commentary,
        boosted_at as shared_at
    from {{ ref('stg_mastodon__archived_boosts') }}

    union all

    select
        'bluesky' as platform_code,
        account_did as account_id,
        account_handle,
        post_uri as source_id,
        quoted_post_uri as shared_id,
        true as has_commentary,
        least(posted_at, indexed_at) as shared_at
    from {{ ref('stg_bluesky__posts') }}
    where quoted_post_uri is not null

    union all

    select
        'bluesky' as platform_code,
        account_did as account_id,
        account_handle,
        notification_uri as source_id,
        post_uri as shared_id,
        false as has_commentary,
        indexed_at as shared_at
    from {{ ref('stg_bluesky__notifications') }}
    where
        notification_code = 'repost'
        and post_uri is not null

    union all

    select
        'mastodon' as platform_code,
        notices.account_uri as account_id,
        {{ fediverse_handle('notices.account_name', 'notices.account_uri') }} as account_handle,
        'boost/' || notices.post_uri as source_id,
        notices.post_uri as shared_id,
        false as has_commentary,
        notices.notified_at as shared_at
    from {{ ref('stg_mastodon__notifications') }} as notices
    left join shown_boosts
        on
            notices.account_uri = shown_boosts.account_uri
            and notices.post_uri = shown_boosts.post_uri
    where
        notices.notification_code = 'reblog'
        and notices.account_uri is not null
        and notices.post_uri is not null
        and shown_boosts.account_uri is null

),

-- One row per share, whatever exports hold it.
shares as (

    select
        platform_code,
        account_id,
        max(account_handle) as account_handle,
        source_id,
        min(shared_id) as shared_id,
        bool_or(has_commentary) as has_commentary,
        min(shared_at) as shared_at
    from unioned
    group by
        platform_code,
        account_id,
        source_id

)

select * from shares
