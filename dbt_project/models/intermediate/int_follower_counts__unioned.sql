-- The stock of followers as anything tells it: the programme's own counts, YouTube's
-- channels, TikTok's history and Meta's overview. An account is known by its id or handle,
-- else by the source that its files come from. What a publishing tool counts stands in for
-- an account of which none of these tells.
with

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

identifiers as (

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

stocks as (

    select
        'youtube' as platform_code,
        source_name,
        channel_id as account_id,
        nullif(ltrim(channel_handle, '@'), '') as account_handle,
        {{ local_date('exported_at') }} as counted_on,
        subscriber_count as follower_count,
        exported_at,
        file_sha256
    from {{ ref('stg_youtube__channels') }}

    union all

    select
        'tiktok' as platform_code,
        source_name,
        cast(null as varchar) as account_id,
        cast(null as varchar) as account_handle,
        activity_date as counted_on,
        follower_count,
        exported_at,
        file_sha256
    from {{ ref('stg_tiktok__daily_followers') }}

    union all

    select
        platform_code,
        source_name,
        cast(null as varchar) as account_id,
        cast(null as varchar) as account_handle,
        activity_date as counted_on,
        figure_count as follower_count,
        exported_at,
        file_sha256
    from {{ ref('int_meta_figures__resolved') }}
    where metric_code = 'follower_count'

),

-- Same grain: each join finds at most one account.
attributed as (

    select
        stocks.platform_code,
        coalesce(
            identifiers.account_key,
            by_handle.account_key,
            sources.account_key,
            {{ surrogate_key([
                'stocks.platform_code',
                'lower(coalesce(stocks.account_handle, stocks.account_id, stocks.source_name))',
            ]) }}
        ) as account_key,
        stocks.counted_on,
        stocks.follower_count,
        stocks.exported_at,
        stocks.file_sha256
    from stocks
    left join identifiers
        on
            stocks.platform_code = identifiers.platform_code
            and stocks.account_id = identifiers.account_id
    left join accounts as by_handle
        on
            stocks.platform_code = by_handle.platform_code
            and lower(stocks.account_handle) = by_handle.account_handle
    left join sources
        on
            stocks.platform_code = sources.platform_code
            and stocks.source_name = sources.source_name

),

told_first as (

    -- A handle may be written in two ways.
    select
        platform_code,
        {{ surrogate_key(['platform_code', 'lower(account_handle)']) }} as account_key,
        counted_on,
        max(follower_count) as follower_count,
        max(exported_at) as exported_at,
        max(file_sha256) as file_sha256
    from {{ ref('stg_programme__follower_counts') }}
    group by
        platform_code,
        lower(account_handle),
        counted_on

    union all

    select * from attributed

),

told as (

    select * from told_first

    union all

    select
        tool_days.platform_code,
        tool_days.account_key,
        tool_days.activity_date as counted_on,
        tool_days.follower_count,
        tool_days.exported_at,
        tool_days.file_sha256
    from {{ ref('int_tool_days__attributed') }} as tool_days
    left join (
        select account_key
        from told_first
        where follower_count is not null
        group by account_key
    ) as told_accounts
        on tool_days.account_key = told_accounts.account_key
    where told_accounts.account_key is null

),

-- Several channels of one file may share an account.
unioned as (

    select
        platform_code,
        account_key,
        counted_on,
        max(follower_count) as follower_count,
        exported_at,
        file_sha256
    from told
    where counted_on <= {{ days_later(built_week(), 7) }}
    group by
        platform_code,
        account_key,
        counted_on,
        exported_at,
        file_sha256

)

select * from unioned
