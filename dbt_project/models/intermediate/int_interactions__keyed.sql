{{ config(materialized='view') }}
-- Acts that count. Those after the week do not exist yet; those that a newer export of the
-- same thread no longer holds do not exist any more. An account that was deleted is nobody,
-- also in exports that still hold its name.
with

interactions as (

    select * from {{ ref('int_interactions__unioned') }}
    where
        occurred_at < {{ week_end_at() }}
        and not is_gone

)

select
    interaction_key,
    platform_code,
    thread_key,
    parent_interaction_key,
    case when is_root then 'create' else 'reply' end as verb_code,
    {% for column in ['account_id', 'account_handle', 'display_name', 'account_person_key'] -%}
    case when not is_account_withdrawn then {{ column }} end as {{ column }},
    {% endfor -%}
    is_flagged_admin,
    coalesce(titled_text_key, full_text_key) as text_key,
    full_text_key,
    like_count,
    coalesce(is_overheard, false) as is_overheard,
    occurred_at,
    occurred_date,
    {{ reporting_week('occurred_date') }} as occurred_week
from interactions
