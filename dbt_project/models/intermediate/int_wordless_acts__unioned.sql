{%- set named = [
    ('bluesky', 'notifications', 'follow', 'notification_uri', 'indexed_at', "notification_code = 'follow'"),
    ('bluesky', 'reposts', 'repost', 'post_uri', 'first_exported_at', none),
    ('mastodon', 'notifications', 'follow', "source_name || '/' || notification_id", 'notified_at', "notification_code = 'follow'"),
    ('mastodon', 'likers', 'reaction', 'post_uri', 'first_exported_at', none),
    ('mastodon', 'boosters', 'repost', 'post_uri', 'first_exported_at', none),
] %}
{%- set accounts = {
    'bluesky': ('account_did', 'account_handle'),
    'mastodon': ('account_uri', fediverse_handle('account_name', 'account_uri')),
} %}
-- What single accounts did without words of their own: reactions, plain reposts and follows,
-- where an export names the account. A list without moments says no more than that it was
-- done by the day of the first export that names the account; from that day on it is known.
with

unioned as (

    select
        platform_code,
        account_id,
        account_handle,
        'reaction' as act_kind_code,
        reacted_id as target_id,
        reacted_at as occurred_at
    from {{ ref('int_reactions__unioned') }}

    union all

    select
        platform_code,
        account_id,
        account_handle,
        'repost' as act_kind_code,
        shared_id as target_id,
        shared_at as occurred_at
    from {{ ref('int_shares__unioned') }}
    where not has_commentary
    {% for platform, list, kind, target, moment, condition in named %}
    union all

    select
        '{{ platform }}' as platform_code,
        {{ accounts[platform][0] }} as account_id,
        {{ accounts[platform][1] }} as account_handle,
        '{{ kind }}' as act_kind_code,
        {{ target }} as target_id,
        {{ moment }} as occurred_at
    from {{ ref('stg_' ~ platform ~ '__' ~ list) }}
    {{ 'where ' ~ condition if condition }}
    {% endfor %}
),

-- One row per act, whatever lists and notifications hold it.
acts as (

    select
        platform_code,
        account_id,
        max(account_handle) as account_handle,
        act_kind_code,
        target_id,
        min(occurred_at) as occurred_at
    from unioned
    where
        account_id is not null
        and occurred_at < {{ observed_until() }}
    group by
        platform_code,
        account_id,
        act_kind_code,
        target_id

)

select
    {{ surrogate_key(['platform_code', 'account_id', 'act_kind_code', 'target_id']) }} as act_key,
    platform_code,
    account_id,
    account_handle,
    {{ person_key('platform_code', 'account_id') }} as account_person_key,
    act_kind_code,
    target_id,
    occurred_at,
    {{ local_date('occurred_at') }} as occurred_date
from acts
