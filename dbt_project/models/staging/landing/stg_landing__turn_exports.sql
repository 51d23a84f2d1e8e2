{%- set youtube_text = 'coalesce(original_text, display_text)' %}
{%- set native_tables = [
    ('reddit', 'comments', 'fullname', 'body_text'),
    ('reddit', 'submissions', 'fullname', 'body_text'),
    ('discourse', 'posts', 'post_id', 'post_text'),
    ('youtube', 'comments', 'comment_id', youtube_text),
    ('youtube', 'comment_threads', 'comment_id', youtube_text),
    ('x', 'searched_posts', 'post_id', 'post_text'),
    ('x', 'archived_posts', 'post_id', 'post_text'),
    ('mastodon', 'statuses', 'post_uri', 'post_text'),
    ('mastodon', 'archived_posts', 'post_uri', 'post_text'),
    ('bluesky', 'posts', id_of_native("'bluesky'", 'post_uri'), 'post_text'),
    ('slack', 'messages', "user_id || '/' || message_ts", 'body_text'),
    ('stackexchange', 'questions', "_source_name || '/post/' || question_id", 'body_text'),
    ('stackexchange', 'answers', "_source_name || '/post/' || answer_id", 'body_text'),
    ('stackexchange', 'comments', "_source_name || '/comment/' || comment_id", 'body_text'),
    ('support', 'tweets', 'tweet_id', 'body_text'),
    ('discord', 'messages', discord_message_id(), 'body_text'),
] %}
{%- set mention_tables = [
    (
        'brandwatch', 'coalesce(resource_id, mention_url)', 'coalesce(page_type_name, domain_name)',
        'coalesce(full_text, snippet_text)',
    ),
    ('talkwalker', 'mention_url', 'source_type_name', 'body_text'),
    (
        'meltwater', 'coalesce(document_id, mention_url)', 'coalesce(source_type_name, source_name_text)',
        'coalesce(hit_text, opening_text)',
    ),
] %}
-- Every landed file that holds a turn, and the words that it gives: what was known when.
-- Long as all exports together, so it is only ever asked for few turns.
with

native as (
    {% for platform, table, turn_id, text in native_tables %}
    select
        '{{ platform }}' as platform_code,
        {{ turn_id }} as exported_id,
        {{ text }} as body_text,
        _exported_at as exported_at
    from {{ source(platform, table) }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}

),

mentioned as (
    {% for tool, mention_id, place_name, text in mention_tables %}
    select
        '{{ tool }}' as tool_code,
        {{ mention_id }} as mention_id,
        mention_url,
        {{ mention_platform('mention_url', place_name) }} as platform_code,
        {{ text }} as body_text,
        _exported_at as exported_at
    from {{ source(tool, 'mentions') }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}

),

exported as (

    select * from native

    union all

    select
        platform_code,
        {{ mention_source_id('platform_code', 'mention_url', 'tool_code', 'mention_id') }} as exported_id,
        body_text,
        exported_at
    from mentioned

)

select *
from exported
where
    exported_at < {{ as_of() }}
    and exported_id is not null
