-- Every whole version of turns that an export may later hold as a placeholder. What a
-- placeholder stands for is what the last of them says.
with

discourse_posts as (

    select
        'discourse' as platform_code,
        post_id as source_id,
        'topic/' || topic_id as thread_id,
        cast(null as varchar) as parent_id,
        topic_id,
        case when post_number > 1 then coalesce(reply_to_post_number, 1) end as parent_post_number,
        post_number = 1 as is_root,
        user_id as account_id,
        cast(null as varchar) as title_text,
        post_text as body_text,
        created_at as occurred_at,
        _exported_at as exported_at,
        _file_sha256 as file_sha256,
        _row_number as row_number
    from {{ source('discourse', 'posts') }}
    where
        deleted_at is null
        and not coalesce(is_user_deleted, false)
        and coalesce(post_type_code, '1') <> '3'

),

reddit_turns as (
    {% for table, thread_id, parent_id, title_text in [
        ('submissions', 'fullname', 'cast(null as varchar)', 'title_text'),
        ('comments', 'link_fullname', 'parent_fullname', 'cast(null as varchar)'),
    ] %}
    select
        'reddit' as platform_code,
        fullname as source_id,
        {{ thread_id }} as thread_id,
        {{ parent_id }} as parent_id,
        cast(null as varchar) as topic_id,
        cast(null as bigint) as parent_post_number,
        {{ 'true' if table == 'submissions' else 'false' }} as is_root,
        coalesce(author_fullname, 'name/' || lower(author_name)) as account_id,
        {{ title_text }} as title_text,
        body_text,
        created_at as occurred_at,
        _exported_at as exported_at,
        _file_sha256 as file_sha256,
        _row_number as row_number
    from {{ source('reddit', table) }}
    where author_name <> '[deleted]'
    {{ 'union all' if not loop.last }}
    {%- endfor %}

),

whole as (

    select * from discourse_posts

    union all

    select * from reddit_turns

)

select *
from whole
where exported_at < {{ as_of() }}
