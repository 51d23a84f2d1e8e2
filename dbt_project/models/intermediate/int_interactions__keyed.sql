-- Keys of acts, threads and accounts. Acts after the week do not exist yet; those that a
-- newer export of the same thread no longer holds do not exist any more. An account that
-- was deleted is nobody, also in exports that still hold its name.
with

interactions as (

    select * from {{ ref('int_interactions__unioned') }}

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

-- Same grain: a withdrawn account is one row.
named as (

    select
        interactions.platform_code,
        interactions.source_id,
        interactions.thread_id,
        interactions.parent_id,
        interactions.is_root,
        interactions.is_flagged_admin,
        interactions.is_overheard,
        interactions.text_key,
        interactions.full_text_key,
        interactions.occurred_at,
        interactions.like_count,
        {% for column in ['account_id', 'account_handle', 'display_name'] -%}
        case
            when withdrawn_accounts.account_handle is null
                then nullif(interactions.{{ column }}, '')
        end as {{ column }}
        {{- ',' if not loop.last }}
        {% endfor -%}
    from interactions
    left join withdrawn_accounts
        on
            interactions.platform_code = withdrawn_accounts.platform_code
            and interactions.account_handle = withdrawn_accounts.account_handle
    where interactions.occurred_at < {{ week_end_at() }}

),

keyed as (

    select
        {{ surrogate_key(['platform_code', 'source_id']) }} as interaction_key,
        platform_code,
        {{ surrogate_key(['platform_code', "'thread'", 'thread_id']) }} as thread_key,
        case
            when parent_id is not null
                then {{ surrogate_key(['platform_code', 'parent_id']) }}
        end as parent_interaction_key,
        case when is_root then 'create' else 'reply' end as verb_code,
        account_id,
        account_handle,
        display_name,
        is_flagged_admin,
        {{ person_key('platform_code', 'account_id') }} as account_person_key,
        text_key,
        full_text_key,
        like_count,
        coalesce(is_overheard, false) as is_overheard,
        occurred_at,
        {{ local_date('occurred_at') }} as occurred_date,
        {{ reporting_week(local_date('occurred_at')) }} as occurred_week
    from named

)

select keyed.*
from keyed
left join gone
    on keyed.interaction_key = gone.interaction_key
where gone.interaction_key is null
