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
    'occurred_at', 'like_count', 'file_sha256',
] %}
-- All communities in one shape, with the keys of acts, threads, accounts and texts. A
-- further platform is one shaped model and one line of the list above. What only a
-- listening tool heard is overheard: our answers to it are not in sight; nor are they where
-- an export does not tell who answers whom. What is read of a text is title and body; what is
-- scored is the body, else the title, and has a key of its own only where there is a title.
-- A key costs as much to write as a text: parts of keys that nobody reads stay behind.
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

gone as (

    select interaction_key
    from {{ ref('int_objects__gone') }}
    where object_kind_code = 'interaction'

),

withdrawn_accounts as (

    select
        platform_code,
        account_handle
    from {{ ref('int_accounts__withdrawn') }}

),

keyed as (

    select
        platform_code,
        source_id,
        {{ turn_keys() }},
        is_root,
        nullif(account_id, '') as account_id,
        nullif(account_handle, '') as account_handle,
        nullif(display_name, '') as display_name,
        is_flagged_admin,
        {{ person_key('platform_code', "nullif(account_id, '')") }} as account_person_key,
        title_text,
        body_text,
        {{ hash_of(full_text('title_text', 'body_text')) }} as full_text_key,
        case
            when title_text is not null
                then {{ hash_of("coalesce(nullif(body_text, ''), title_text)") }}
        end as titled_text_key,
        occurred_at,
        {{ local_date('occurred_at') }} as occurred_date,
        like_count,
        file_sha256,
        is_overheard
    from unioned

)

-- Same grain: what is gone is one row, and so is a withdrawn account.
select
    keyed.*,
    gone.interaction_key is not null as is_gone,
    withdrawn_accounts.account_handle is not null as is_account_withdrawn
from keyed
left join gone
    on keyed.interaction_key = gone.interaction_key
left join withdrawn_accounts
    on
        keyed.platform_code = withdrawn_accounts.platform_code
        and keyed.account_handle = withdrawn_accounts.account_handle
