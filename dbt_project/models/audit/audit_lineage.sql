{#- Staging belongs to the core group, and what it drops is seen from inside alone. -#}
{{ config(group='core') }}
{%- set landed = [
    ('bluesky', 'posts', ['_source_name', 'post_uri', '_exported_at']),
    ('brandwatch', 'mentions', ["coalesce('resource/' || resource_id, 'url/' || mention_url)"]),
    ('buffer', 'posts', ['_source_name', 'post_url', '_exported_at']),
    ('discord', 'messages', ["coalesce(message_id, concat_ws('|', channel_id, author_id, cast(sent_at as varchar), body_text))"]),
    ('discourse', 'posts', ['post_id']),
    ('discourse', 'topics', ['topic_id']),
    ('facebook', 'posts', ['_source_name', 'post_id', '_exported_at']),
    ('facebook', 'videos', ['_source_name', 'video_asset_id', '_exported_at']),
    ('hootsuite', 'posts', ['_source_name', 'network_name', 'post_id', '_exported_at']),
    ('instagram', 'posts', ['_source_name', 'post_id', '_exported_at']),
    ('instagram', 'stories', ['_source_name', 'story_id', '_exported_at']),
    ('linkedin', 'posts', ['_source_name', 'post_url', '_exported_at']),
    ('mastodon', 'archived_posts', ['post_uri']),
    ('mastodon', 'statuses', ['_source_name', 'post_uri', '_exported_at']),
    ('meltwater', 'mentions', ['coalesce(document_id, mention_url)']),
    ('reddit', 'comments', ['fullname']),
    ('reddit', 'submissions', ['fullname']),
    ('slack', 'messages', ['_source_name', 'coalesce(channel_id, channel_name)', 'message_ts']),
    ('sprout', 'posts', ['_source_name', 'network_name', 'post_id', '_exported_at']),
    ('stackexchange', 'answers', ['_source_name', 'answer_id']),
    ('stackexchange', 'comments', ['_source_name', 'comment_id']),
    ('stackexchange', 'questions', ['_source_name', 'question_id']),
    ('support', 'tweets', ['tweet_id']),
    ('talkwalker', 'mentions', ['mention_url']),
    ('tiktok', 'videos', ['_source_name', 'video_id', '_exported_at']),
    ('x', 'archived_posts', ['_source_name', 'post_id', '_exported_at']),
    ('x', 'posts', ['_source_name', 'post_id', '_exported_at']),
    ('x', 'searched_posts', ['_source_name', 'post_id', '_exported_at']),
    ('youtube', 'comment_threads', ['comment_id']),
    ('youtube', 'comments', ['comment_id']),
    ('youtube', 'videos', ['_source_name', 'video_id', '_period_start', '_period_end', '_exported_at']),
] -%}
{#- Rows of a day in these are figures of their own: staging reads them elsewhere. -#}
{%- set with_days = ['facebook__posts', 'instagram__posts', 'instagram__stories'] -%}
-- Rows of acts and posts on their way: what the books say was landed against what stands in
-- the raw table; that against what staging keeps and what a newer export superseded; staged
-- turns against facts, those after the week and those withdrawn where they were said.
with

books as (

    select
        table_name,
        sum(rows_landed) as landed_count
    from {{ ref('stg_landing__export_tables') }}
    group by table_name

),

raw_rows as (
    {% for source_name, table_name, key in landed %}
    select
        '{{ source_name }}__{{ table_name }}' as table_name,
        count(*) as raw_count,
        (select count(*) from (
            select distinct {{ key | join(', ') }}
            from {{ source(source_name, table_name) }}
            where
                _exported_at < {{ as_of() }}
                {%- if source_name ~ '__' ~ table_name in with_days %}
                and not coalesce({{ matches_pattern('date_label_text', '[0-9]') }}, false)
                {%- endif %}
        ) as versions) as version_count,
        (select count(*) from {{ ref('stg_' ~ source_name ~ '__' ~ table_name) }}) as staged_count
    from {{ source(source_name, table_name) }}
    where _exported_at < {{ as_of() }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}

),

gone as (

    select interaction_key
    from {{ ref('int_objects__gone') }}
    where object_kind_code = 'interaction'

),

turns as (

    select
        platform_code,
        interaction_key,
        occurred_at < {{ week_end_at() }} as is_in_time
    from {{ ref('int_interactions__unioned') }}

),

staged_turns as (

    select
        turns.platform_code,
        count(*) as in_count,
        count(case when not turns.is_in_time then 1 end) as later_count,
        count(case when turns.is_in_time and gone.interaction_key is not null then 1 end) as gone_count
    from turns
    left join gone
        on turns.interaction_key = gone.interaction_key
    group by turns.platform_code

),

facts as (

    select
        platform_code,
        count(*) as out_count
    from {{ ref('fct_interactions') }}
    group by platform_code

),

steps as (

    select
        'landing' as step_code,
        raw_rows.table_name as part_name,
        coalesce(books.landed_count, 0) as in_count,
        0 as left_count,
        raw_rows.raw_count as out_count
    from raw_rows
    left join books
        on raw_rows.table_name = books.table_name

    union all

    select
        'staging' as step_code,
        table_name as part_name,
        raw_count as in_count,
        raw_count - version_count as left_count,
        staged_count as out_count
    from raw_rows

    union all

    select
        'facts' as step_code,
        coalesce(staged_turns.platform_code, facts.platform_code) as part_name,
        coalesce(staged_turns.in_count, 0) as in_count,
        coalesce(staged_turns.later_count + staged_turns.gone_count, 0) as left_count,
        coalesce(facts.out_count, 0) as out_count
    from staged_turns
    full outer join facts
        on staged_turns.platform_code = facts.platform_code

)

select
    {{ surrogate_key([built_week(), 'step_code', 'part_name']) }} as lineage_key,
    {{ built_week() }} as week_start,
    step_code,
    part_name,
    cast(in_count as bigint) as in_count,
    cast(left_count as bigint) as left_count,
    cast(out_count as bigint) as out_count,
    cast(in_count - left_count - out_count as bigint) as lost_count
from steps
