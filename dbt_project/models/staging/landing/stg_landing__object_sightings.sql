{%- set reddit_silence = "coalesce(author_name, '[deleted]') = '[deleted]' and coalesce(body_text, '') in ('[deleted]', '[removed]')" %}
{%- set sighted = [
    {
        'source': 'reddit', 'table': 'comments', 'kind': 'interaction',
        'object': 'fullname', 'scope': 'link_fullname', 'created': 'created_at',
        'author': "nullif(author_name, '[deleted]')", 'withdrawn': reddit_silence,
    },
    {
        'source': 'reddit', 'table': 'submissions', 'kind': 'interaction',
        'object': 'fullname', 'scope': 'fullname', 'created': 'created_at',
        'author': "nullif(author_name, '[deleted]')", 'withdrawn': reddit_silence,
        'declared': 'comment_count',
    },
    {
        'source': 'discourse', 'table': 'posts', 'kind': 'interaction',
        'object': 'post_id', 'scope': "'topic/' || topic_id", 'created': 'created_at',
        'withdrawn': 'deleted_at is not null or coalesce(is_user_deleted, false)',
    },
    {
        'source': 'facebook', 'table': 'posts', 'kind': 'post',
        'object': 'post_id', 'scope': 'page_id', 'created': 'posted_at',
    },
    {
        'source': 'instagram', 'table': 'posts', 'kind': 'post',
        'object': 'post_id', 'scope': 'account_id', 'created': 'posted_at',
    },
    {
        'source': 'x', 'table': 'posts', 'kind': 'post',
        'object': 'post_id', 'created': 'posted_on',
        'scope': 'lower(' ~ extract_pattern('post_url', '(?:x|twitter)\\.com/([^/]+)/status/') ~ ')',
    },
    {
        'source': 'linkedin', 'table': 'posts', 'kind': 'post', 'created': 'created_on',
        'object': 'coalesce(' ~ extract_pattern('post_url', '([0-9]{15,})') ~ ', post_url)',
        'scope': 'null',
    },
] %}
-- Who was seen where: every file that holds an object, not the newest alone. A scope is
-- the part of a file that can be compared with a newer one: a thread, or an account.
with

manifest as (

    select
        file_sha256,
        source_name,
        contract_code,
        period_start,
        period_end,
        rows_rejected as rejected_count
    from {{ source('landing', 'export_manifest') }}
    where exported_at < {{ as_of() }}

),

sightings as (
    {% for entry in sighted %}
    select
        '{{ entry.source }}' as platform_code,
        '{{ entry.kind }}' as object_kind_code,
        _source_name as source_name,
        _file_sha256 as file_sha256,
        _exported_at as exported_at,
        {{ entry.object }} as object_id,
        coalesce({{ entry.scope }}, '') as scope_id,
        cast({{ entry.created }} as timestamp) as created_at,
        {{ entry.author | default('cast(null as varchar)') }} as author_name,
        {{ entry.withdrawn | default('false') }} as is_withdrawn,
        {{ entry.declared | default('cast(null as bigint)') }} as declared_count
    from {{ source(entry.source, entry.table) }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}

),

-- A file counts when its manifest row does.
dated as (

    select
        sightings.*,
        manifest.contract_code,
        manifest.period_start,
        manifest.period_end,
        manifest.rejected_count
    from sightings
    inner join manifest
        on
            sightings.file_sha256 = manifest.file_sha256
            and sightings.source_name = manifest.source_name
    where sightings.object_id is not null

)

select * from dated
