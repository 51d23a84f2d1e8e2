-- Whom the actions and suggestions of the week are about, with their words, or what they did
-- without any: what the owner of each works through. Never published.
with

actions as (

    select
        week_start,
        'action' as list_code,
        cast(rank as {{ type_string() }}) as item_code,
        rank as item_rank,
        owner_name,
        action_code as task_code,
        subject_code,
        theme_code,
        theme_name,
        cast(null as {{ type_string() }}) as asset_path,
        cast(null as {{ type_string() }}) as conversation_key,
        due_on,
        evidence_keys
    from {{ ref('rpt_weekly_actions') }}
    where evidence_keys is not null

),

-- Of what speaks for a suggestion, the first is enough to find whom it is about.
suggestions as (

    select
        week_start,
        'suggestion' as list_code,
        suggestion_code as item_code,
        suggestion_rank as item_rank,
        owner_name,
        kind_code as task_code,
        theme_code as subject_code,
        theme_code,
        theme_name,
        asset_path,
        conversation_key,
        due_on,
        split_part(evidence_keys, ',', 1) as evidence_keys
    from {{ ref('rpt_weekly_suggestions') }}
    where evidence_keys is not null

),

items as (

    select * from actions
    union all
    select * from suggestions

),

spoken as (

    {{ split_to_rows(
        'items',
        [
            'week_start', 'list_code', 'item_code', 'item_rank', 'owner_name', 'task_code', 'subject_code',
            'theme_code', 'theme_name', 'asset_path', 'conversation_key', 'due_on',
        ],
        'evidence_keys', ',', 'evidence_key'
    ) }}

),

turns as (

    select
        interaction_key,
        thread_key,
        platform_code,
        source_id,
        coalesce(account_handle, display_name) as account_name,
        full_text_key,
        occurred_at
    from {{ ref('int_interactions__unioned') }}

),

-- One row per thread: where two messages both seem to open it, the earlier one does.
openings as (

    select
        thread_key,
        platform_code,
        source_id,
        title_text
    from {{ ref('int_interactions__unioned') }}
    where is_root
    qualify row_number() over (partition by thread_key order by occurred_at, interaction_key) = 1

),

texts as (

    select
        full_text_key,
        full_text
    from {{ ref('int_texts__gathered') }}

),

wordless_acts as (

    select
        act_key,
        platform_code,
        account_handle,
        act_kind_code,
        case when act_kind_code <> 'follow' then target_id end as post_id,
        occurred_at
    from {{ ref('int_wordless_acts__unioned') }}

),

posts as (

    select
        post_key,
        platform_code,
        post_id,
        post_text,
        posted_at
    from {{ ref('int_posts__latest') }}

),

-- A thread has one opening, a key one turn or one post of ours: same grain.
named as (

    select
        spoken.week_start,
        spoken.list_code,
        spoken.item_code,
        spoken.item_rank,
        spoken.owner_name,
        spoken.task_code,
        spoken.subject_code,
        spoken.theme_code,
        spoken.theme_name,
        spoken.asset_path,
        spoken.due_on,
        spoken.evidence_key,
        coalesce(turns.platform_code, wordless_acts.platform_code, posts.platform_code) as platform_code,
        coalesce(turns.account_name, wordless_acts.account_handle) as account_name,
        wordless_acts.act_kind_code,
        coalesce(turns.occurred_at, wordless_acts.occurred_at, posts.posted_at) as occurred_at,
        coalesce(texts.full_text, posts.post_text) as full_text,
        coalesce(
            {{ message_address('turns.platform_code', 'turns.source_id', 'openings.source_id') }},
            {{ message_address('wordless_acts.platform_code', 'wordless_acts.post_id', 'wordless_acts.post_id') }},
            {{ message_address('posts.platform_code', 'posts.post_id', 'posts.post_id') }}
        ) as message_address,
        targets.title_text as conversation_title,
        {{ message_address('targets.platform_code', 'targets.source_id', 'targets.source_id') }}
            as conversation_address
    from spoken
    left join turns
        on spoken.evidence_key = turns.interaction_key
    left join texts
        on turns.full_text_key = texts.full_text_key
    left join openings
        on turns.thread_key = openings.thread_key
    left join openings as targets
        on coalesce(spoken.conversation_key, turns.thread_key) = targets.thread_key
    left join wordless_acts
        on spoken.evidence_key = wordless_acts.act_key
    left join posts
        on spoken.evidence_key = posts.post_key

)

select
    week_start,
    list_code,
    item_code,
    item_rank,
    row_number() over (
        partition by list_code, item_code
        order by case when act_kind_code is null then 0 else 1 end, occurred_at desc, evidence_key
    ) as evidence_rank,
    owner_name,
    task_code,
    subject_code,
    theme_code,
    theme_name,
    asset_path,
    due_on,
    evidence_key,
    platform_code,
    account_name,
    act_kind_code,
    occurred_at,
    full_text,
    message_address,
    conversation_title,
    conversation_address
from named
