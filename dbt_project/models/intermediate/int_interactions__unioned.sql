{%- set shaped_models = [
    'int_discourse_interactions__shaped',
    'int_reddit_interactions__shaped',
    'int_youtube_interactions__shaped',
    'int_x_interactions__shaped',
    'int_mastodon_interactions__shaped',
    'int_bluesky_interactions__shaped',
    'int_slack_interactions__shaped',
    'int_stackexchange_interactions__shaped',
    'int_support_interactions__shaped',
    'int_discord_interactions__shaped',
    'int_mention_interactions__shaped',
] %}
{%- set overheard_models = ['int_discord_interactions__shaped', 'int_mention_interactions__shaped'] %}
{%- set columns = [
    'platform_code', 'source_id', 'thread_id', 'parent_id', 'is_root', 'account_id',
    'account_handle', 'display_name', 'is_flagged_admin', 'title_text', 'body_text',
    'occurred_at', 'like_count', 'source_name', 'exported_at', 'file_sha256',
] %}
-- All communities in one shape. A further platform is one shaped model and one line of
-- the list above. What only a listening tool heard is overheard: our answers to it are
-- not in sight; nor are they where an export does not tell who answers whom. Texts are
-- hashed here and nowhere else: what is scored is the body, else the title; what is read
-- is both.
with

unioned as (
    {% for model in shaped_models %}
    select
        {{ columns | join(', ') }},
        {{ 'true' if model in overheard_models else 'false' }} as is_overheard
    from {{ ref(model) }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}

),

hashed as (

    select
        unioned.*,
        {{ hash_of("coalesce(nullif(body_text, ''), title_text)") }} as text_key
    from unioned

)

select
    hashed.*,
    case
        when title_text is null then text_key
        else {{ hash_of(full_text('title_text', 'body_text')) }}
    end as full_text_key
from hashed
