-- Whose post it is: the account that the export names by id or handle, else the account
-- whose source the file came from. An account that no programme file declares keeps its
-- posts under the handle that the export gives it. Posts after the week do not exist yet.
with

posts as (

    select * from {{ ref('int_posts__unioned') }}
    where posted_date < {{ days_later(built_week(), 7) }}

),

accounts as (

    select
        account_key,
        platform_code,
        account_id,
        lower(account_handle) as account_handle,
        source_name
    from {{ ref('int_accounts__declared') }}
    where platform_kind_code = 'channel'

),

sources as (

    select
        platform_code,
        source_name,
        min(account_key) as account_key
    from accounts
    where source_name is not null
    group by
        platform_code,
        source_name

),

by_id as (

    select
        platform_code,
        account_id,
        min(account_key) as account_key
    from accounts
    where account_id is not null
    group by
        platform_code,
        account_id

),

-- Same grain: each join finds at most one account.
attributed as (

    select
        posts.*,
        coalesce(
            by_id.account_key,
            by_handle.account_key,
            sources.account_key,
            {{ surrogate_key([
                'posts.platform_code',
                'lower(coalesce(posts.source_account_handle, posts.source_account_id, posts.source_name))',
            ]) }}
        ) as account_key
    from posts
    left join by_id
        on
            posts.platform_code = by_id.platform_code
            and posts.source_account_id = by_id.account_id
    left join accounts as by_handle
        on
            posts.platform_code = by_handle.platform_code
            and lower(posts.source_account_handle) = by_handle.account_handle
    left join sources
        on
            posts.platform_code = sources.platform_code
            and posts.source_name = sources.source_name

),

keyed as (

    select
        {{ surrogate_key(['platform_code', 'account_key', 'post_id']) }} as post_key,
        attributed.*,
        {{ reporting_week('posted_date') }} as posted_week,
        {{ sum_reported(['comment_count', 'share_count', 'reaction_count', 'save_count']) }}
            as interaction_count
    from attributed

)

select * from keyed
