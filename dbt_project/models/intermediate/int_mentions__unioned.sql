-- What listening tools heard, in one shape. A handle names an author only within its
-- site, so on forums, blogs and news the site stands before it.
with

brandwatch as (

    select
        'brandwatch' as tool_code,
        1 as tool_rank,
        coalesce(resource_id, mention_url) as mention_id,
        mention_url,
        coalesce(page_type_name, domain_name) as place_name,
        author_handle,
        x_author_id as author_id,
        title_text,
        coalesce(full_text, snippet_text) as body_text,
        published_at as occurred_at,
        coalesce(x_like_count, reddit_score_count, like_count) as like_count,
        reply_to_url,
        thread_url,
        repost_of_url is not null
        or lower(thread_entry_type_name) in ('share', 'repost', 'retweet') as is_repost,
        lower(thread_entry_type_name) in ('reply', 'comment') as is_reply,
        source_name,
        exported_at,
        file_sha256
    from {{ ref('stg_brandwatch__mentions') }}

),

talkwalker as (

    select
        'talkwalker' as tool_code,
        2 as tool_rank,
        mention_url as mention_id,
        mention_url,
        source_type_name as place_name,
        coalesce(author_handle, author_name) as author_handle,
        {{ extract_pattern('author_id', '^tw:([0-9]+)$') }} as author_id,
        title_text,
        body_text,
        published_at as occurred_at,
        like_count,
        cast(null as varchar) as reply_to_url,
        parent_url as thread_url,
        false as is_repost,
        false as is_reply,
        source_name,
        exported_at,
        file_sha256
    from {{ ref('stg_talkwalker__mentions') }}

),

meltwater as (

    select
        'meltwater' as tool_code,
        3 as tool_rank,
        coalesce(document_id, mention_url) as mention_id,
        mention_url,
        coalesce(source_type_name, source_name_text) as place_name,
        author_handle,
        x_author_id as author_id,
        title_text,
        coalesce(hit_text, opening_text) as body_text,
        published_at as occurred_at,
        like_count,
        cast(null as varchar) as reply_to_url,
        cast(null as varchar) as thread_url,
        lower(content_type_name) in ('repost', 'retweet') as is_repost,
        lower(content_type_name) in ('reply', 'comment') as is_reply,
        source_name,
        exported_at,
        file_sha256
    from {{ ref('stg_meltwater__mentions') }}

),

unioned as (

    select * from brandwatch

    union all

    select * from talkwalker

    union all

    select * from meltwater

),

placed as (

    select
        tool_code,
        tool_rank,
        mention_id,
        mention_url,
        place_name,
        nullif(ltrim(trim(author_handle), '@'), '') as author_handle,
        -- A rounded number is nobody's id.
        {{ extract_pattern('author_id', '^([0-9]{2,})$') }} as author_id,
        nullif(title_text, body_text) as title_text,
        body_text,
        occurred_at,
        like_count,
        reply_to_url,
        thread_url,
        coalesce(is_repost, false) as is_repost,
        coalesce(is_reply, false) as is_reply,
        source_name,
        exported_at,
        file_sha256,
        {{ mention_platform('mention_url', 'place_name') }} as platform_code,
        lower({{ extract_pattern('mention_url', '^https?://(?:www\\.)?([^/?#:]+)') }}) as site_name
    from unioned

),

identified as (

    select
        placed.*,
        {{ mention_source_id('platform_code', 'mention_url', 'tool_code', 'mention_id') }} as source_id,
        case
            when author_id is not null and platform_code = 'x' then author_id
            when platform_code in ('forum', 'blog', 'news')
                then 'name/' || site_name || '/' || lower(author_handle)
            else 'name/' || lower(author_handle)
        end as account_id
    from placed

)

select * from identified
