-- Four kinds of files count an X post; figures of two meters do not make one series. Of
-- each post only the best one counts: analytics of today, analytics until 2024, answers
-- of the API, the archive. A repost counts what it reposts, so it is no post of ours, and
-- of answers about anybody only those about our own accounts are.
with

accounts as (

    select
        account_id,
        lower(ltrim(account_handle, '@')) as handle,
        account_handle
    from {{ ref('int_accounts__declared') }}
    where
        platform_code = 'x'
        and actor_class_code = 'org'

),

archived_accounts as (

    select
        file_sha256,
        account_id,
        account_handle
    from {{ ref('stg_x__archived_accounts') }}

),

-- Only the day of a post is stated; the moment stands in its id.
of_today as (

    select
        1 as format_rank,
        source_name,
        post_id,
        cast(null as varchar) as source_account_id,
        {{ extract_pattern('post_url', '(?:x|twitter)\\.com/([^/]+)/status/') }} as source_account_handle,
        post_text,
        {{ moment_of_id('post_id', 'posted_on', 1288834974657) }} as posted_at,
        cast(null as boolean) as is_boosted,
        reply_count as comment_count,
        {{ sum_reported(['share_count', 'repost_count']) }} as share_count,
        like_count as reaction_count,
        bookmark_count as save_count,
        {{ sum_reported(['url_click_count', 'hashtag_click_count', 'permalink_click_count']) }} as click_count,
        follow_count,
        profile_visit_count,
        impression_count,
        exported_at as observed_at,
        file_sha256
    from {{ ref('stg_x__posts') }}

),

until_2024 as (

    select
        2 as format_rank,
        source_name,
        post_id,
        cast(null as varchar) as source_account_id,
        {{ extract_pattern('post_url', '(?:x|twitter)\\.com/([^/]+)/status(?:es)?/') }} as source_account_handle,
        post_text,
        posted_at,
        promoted_impression_count is not null as is_boosted,
        reply_count as comment_count,
        repost_count as share_count,
        like_count as reaction_count,
        cast(null as bigint) as save_count,
        {{ sum_reported(['url_click_count', 'hashtag_click_count', 'permalink_click_count']) }} as click_count,
        follow_count,
        profile_visit_count,
        impression_count,
        exported_at as observed_at,
        file_sha256
    from {{ ref('stg_x__tweet_activity') }}

),

of_answers as (

    select
        3 as format_rank,
        posts.source_name,
        posts.post_id,
        posts.account_id as source_account_id,
        accounts.account_handle as source_account_handle,
        posts.post_text,
        posts.posted_at,
        cast(null as boolean) as is_boosted,
        cast(null as bigint) as comment_count,
        posts.repost_count as share_count,
        posts.like_count as reaction_count,
        cast(null as bigint) as save_count,
        cast(null as bigint) as click_count,
        cast(null as bigint) as follow_count,
        cast(null as bigint) as profile_visit_count,
        cast(null as bigint) as impression_count,
        posts.exported_at as observed_at,
        posts.file_sha256
    from {{ ref('stg_x__searched_posts') }} as posts
    inner join accounts
        on
            posts.account_id = accounts.account_id
            or (accounts.account_id is null and lower(posts.account_handle) = accounts.handle)
    where posts.reposted_post_id is null

),

of_archives as (

    select
        4 as format_rank,
        posts.source_name,
        posts.post_id,
        archived_accounts.account_id as source_account_id,
        archived_accounts.account_handle as source_account_handle,
        posts.post_text,
        posts.posted_at,
        cast(null as boolean) as is_boosted,
        cast(null as bigint) as comment_count,
        posts.repost_count as share_count,
        posts.like_count as reaction_count,
        cast(null as bigint) as save_count,
        cast(null as bigint) as click_count,
        cast(null as bigint) as follow_count,
        cast(null as bigint) as profile_visit_count,
        cast(null as bigint) as impression_count,
        posts.exported_at as observed_at,
        posts.file_sha256
    from {{ ref('stg_x__archived_posts') }} as posts
    inner join archived_accounts
        on posts.file_sha256 = archived_accounts.file_sha256
    where not {{ is_x_repost('posts.post_text') }}

),

of_all_formats as (

    select * from of_today

    union all

    select * from until_2024

    union all

    select * from of_answers

    union all

    select * from of_archives

),

of_the_best_format as (

    select *
    from of_all_formats
    qualify format_rank = min(format_rank) over (partition by post_id)

),

shaped as (

    select
        'x' as platform_code,
        source_name,
        post_id,
        source_account_id,
        source_account_handle,
        post_text,
        posted_at,
        {{ local_date('posted_at') }} as posted_date,
        is_boosted,
        comment_count,
        share_count,
        reaction_count,
        save_count,
        click_count,
        follow_count,
        profile_visit_count,
        impression_count,
        cast(null as bigint) as view_count,
        cast(null as bigint) as reach_count,
        observed_at,
        file_sha256
    from of_the_best_format

)

select * from shaped
