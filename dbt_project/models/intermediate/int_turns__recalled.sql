{{ config(materialized='view') }}
{%- set columns = [
    'platform_code', 'source_id', 'interaction_key', 'thread_key', 'parent_interaction_key',
    'is_root', 'account_id', 'account_person_key', 'title_text', 'body_text', 'occurred_at',
    'occurred_date',
] %}
-- All turns that any export ever held, also those that were withdrawn since: what somebody
-- has earned by one is taken back by an entry, not by forgetting it.
select {{ columns | join(', ') }}
from {{ ref('int_interactions__unioned') }}

union all

select {{ columns | join(', ') }}
from {{ ref('int_turns__withdrawn') }}
