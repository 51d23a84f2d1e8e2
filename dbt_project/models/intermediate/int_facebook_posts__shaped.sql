-- Until 2023 the figures came from Insights, since then from the Business Suite: the id
-- of the former begins with the page's. Where a source has both of a post, only the
-- latter count: Insights know no reactions, and figures of two meters make no series.
-- In the month in which views came, all were 0 though people were reached: not reported.
with

current_posts as (

    select * from {{ ref('stg_facebook__posts') }}

),

legacy_posts as (

    select * from {{ ref('stg_facebook__post_insights') }}

),

shaped as (

    -- The title repeats the description or stands above it.
    select
        'facebook' as platform_code,
        source_name,
        post_id,
        page_id as source_account_id,
        cast(null as varchar) as source_account_handle,
        concat_ws(chr(10), nullif(title_text, description_text), description_text) as post_text,
        posted_at,
        {{ local_date('posted_at') }} as posted_date,
        case
            when boosted_reach_count > 0 then true
            when funded_status_name is not null
                then lower(funded_status_name) not in ('', 'organic', 'not funded', 'none')
            when boosted_reach_count = 0 then false
        end as is_boosted,
        comment_count,
        share_count,
        reaction_count,
        cast(null as bigint) as save_count,
        click_count,
        cast(null as bigint) as follow_count,
        cast(null as bigint) as profile_visit_count,
        impression_count,
        case when view_count > 0 or coalesce(reach_count, 0) = 0 then view_count end as view_count,
        reach_count,
        exported_at as observed_at,
        file_sha256,
        false as is_legacy
    from current_posts

    union all

    select
        'facebook' as platform_code,
        source_name,
        {{ extract_pattern('post_id', '([0-9]+)$') }} as post_id,
        {{ extract_pattern('post_id', '^([0-9]+)_') }} as source_account_id,
        cast(null as varchar) as source_account_handle,
        message_text as post_text,
        posted_at,
        {{ local_date('posted_at') }} as posted_date,
        paid_impression_count > 0 as is_boosted,
        cast(null as bigint) as comment_count,
        cast(null as bigint) as share_count,
        cast(null as bigint) as reaction_count,
        cast(null as bigint) as save_count,
        click_count,
        cast(null as bigint) as follow_count,
        cast(null as bigint) as profile_visit_count,
        impression_count,
        cast(null as bigint) as view_count,
        reach_count,
        exported_at as observed_at,
        file_sha256,
        true as is_legacy
    from legacy_posts

),

preferred as (

    select *
    from shaped
    qualify
        row_number() over (
            partition by source_name, post_id, observed_at
            order by is_legacy, file_sha256
        ) = 1
        and rank() over (
            partition by source_name, post_id
            order by is_legacy
        ) = 1

)

select * from preferred
