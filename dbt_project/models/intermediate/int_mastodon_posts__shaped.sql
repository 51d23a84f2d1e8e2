-- Our own statuses with the counters that the asked server has seen: lower bounds. What
-- others wrote is a turn, no post of ours; a boost is neither. Archives count nothing.
with

accounts as (

    select
        account_id,
        account_handle,
        lower(ltrim(account_handle, '@')) as handle
    from {{ ref('int_accounts__declared') }}
    where
        platform_code = 'mastodon'
        and actor_class_code = 'org'

),

statuses as (

    select
        *,
        lower({{ fediverse_handle('account_name', 'account_uri') }}) as handle
    from {{ ref('stg_mastodon__statuses') }}
    where boosted_post_uri is null

),

-- Same grain: the account is declared by its uri, or else by its handle.
shaped as (

    select
        'mastodon' as platform_code,
        statuses.source_name,
        statuses.post_uri as post_id,
        statuses.account_uri as source_account_id,
        accounts.account_handle as source_account_handle,
        statuses.post_text,
        statuses.posted_at,
        {{ local_date('statuses.posted_at') }} as posted_date,
        cast(null as boolean) as is_boosted,
        statuses.reply_count as comment_count,
        {{ sum_reported(['statuses.boost_count', 'statuses.quote_count']) }} as share_count,
        statuses.like_count as reaction_count,
        cast(null as bigint) as save_count,
        cast(null as bigint) as click_count,
        cast(null as bigint) as follow_count,
        cast(null as bigint) as profile_visit_count,
        cast(null as bigint) as impression_count,
        cast(null as bigint) as view_count,
        cast(null as bigint) as reach_count,
        statuses.exported_at as observed_at,
        statuses.file_sha256
    from statuses
    inner join accounts
        on
            statuses.account_uri = accounts.account_id
            or (accounts.account_id is null and statuses.handle = accounts.handle)

)

select * from shaped
