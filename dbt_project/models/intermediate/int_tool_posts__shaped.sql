{%- set native_models = [
    'int_facebook_posts__shaped',
    'int_instagram_posts__shaped',
    'int_x_posts__shaped',
    'int_linkedin_posts__shaped',
    'int_youtube_posts__shaped',
    'int_tiktok_posts__shaped',
    'int_bluesky_posts__shaped',
] %}
-- Posts that only a publishing tool counted (ADR 0007). A post whose native export we
-- hold is counted there alone, and of two tools only the first of the list below: figures
-- of two meters do not make one series.
with

sprout as (

    select
        1 as tool_rank,
        network_name,
        post_id,
        post_url,
        profile_name,
        post_text,
        posted_at,
        comment_count,
        share_count,
        reaction_count,
        save_count,
        click_count,
        impression_count,
        view_count,
        reach_count,
        source_name,
        exported_at,
        file_sha256
    from {{ ref('stg_sprout__posts') }}

),

hootsuite as (

    select
        2 as tool_rank,
        network_name,
        post_id,
        post_url,
        cast(null as varchar) as profile_name,
        post_text,
        posted_at,
        comment_count,
        share_count,
        reaction_count,
        cast(null as bigint) as save_count,
        click_count,
        impression_count,
        view_count,
        reach_count,
        source_name,
        exported_at,
        file_sha256
    from {{ ref('stg_hootsuite__posts') }}

),

buffer as (

    select
        3 as tool_rank,
        network_name,
        cast(null as varchar) as post_id,
        post_url,
        cast(null as varchar) as profile_name,
        post_text,
        posted_at,
        comment_count,
        share_count,
        reaction_count,
        cast(null as bigint) as save_count,
        click_count,
        impression_count,
        cast(null as bigint) as view_count,
        reach_count,
        source_name,
        exported_at,
        file_sha256
    from {{ ref('stg_buffer__posts') }}

),

unioned as (

    select * from sprout

    union all

    select * from hootsuite

    union all

    select * from buffer

),

platforms as (

    select platform_code
    from {{ ref('platforms') }}

),

placed as (

    select
        unioned.*,
        {{ network_platform('network_name') }} as platform_code
    from unioned

),

-- A post goes by the id in its link where there is one, as its native export does.
identified as (

    select
        placed.*,
        {{ id_of_url('placed.platform_code', 'placed.post_url') }} as link_id,
        {{ id_of_native('placed.platform_code', 'placed.post_id') }} as given_id
    from placed
    inner join platforms
        on placed.platform_code = platforms.platform_code

),

-- Meta's ids and those of tools differ at times; the link of a post is the same.
native_ids as (
    {% for model in native_models %}
    select
        platform_code,
        {{ id_of_native('platform_code', 'post_id') }} as native_id
    from {{ ref(model) }}

    union
    {% endfor %}
    select
        'facebook' as platform_code,
        {{ id_of_url("'facebook'", 'permalink_url') }} as native_id
    from {{ ref('stg_facebook__posts') }}

    union

    select
        'instagram' as platform_code,
        {{ id_of_url("'instagram'", 'permalink_url') }} as native_id
    from {{ ref('stg_instagram__posts') }}

),

only_here as (

    select
        identified.*,
        coalesce(identified.link_id, identified.given_id, {{ bare_url('identified.post_url') }}) as shared_id
    from identified
    left join native_ids as by_link
        on
            identified.platform_code = by_link.platform_code
            and identified.link_id = by_link.native_id
    left join native_ids as by_id
        on
            identified.platform_code = by_id.platform_code
            and identified.given_id = by_id.native_id
    where
        by_link.native_id is null
        and by_id.native_id is null

),

of_one_tool as (

    select *
    from only_here
    qualify tool_rank = min(tool_rank) over (partition by platform_code, shared_id)

),

shaped as (

    select
        platform_code,
        source_name,
        shared_id as post_id,
        cast(null as varchar) as source_account_id,
        coalesce(
            case
                when platform_code = 'x'
                    then {{ extract_pattern('post_url', '(?:x|twitter)\\.com/([^/]+)/status/') }}
            end,
            profile_name
        ) as source_account_handle,
        post_text,
        posted_at,
        {{ local_date('posted_at') }} as posted_date,
        cast(null as boolean) as is_boosted,
        comment_count,
        share_count,
        reaction_count,
        save_count,
        click_count,
        cast(null as bigint) as follow_count,
        cast(null as bigint) as profile_visit_count,
        impression_count,
        view_count,
        reach_count,
        exported_at as observed_at,
        file_sha256
    from of_one_tool

)

select * from shaped
