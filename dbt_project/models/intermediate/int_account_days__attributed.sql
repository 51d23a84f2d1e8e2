{%- set figures = [
    'gained_count', 'lost_count', 'impression_count', 'view_count', 'comment_count',
    'share_count', 'reaction_count', 'save_count', 'click_count', 'profile_visit_count',
    'post_count',
] %}
{%- set of_no_tool = ['view_count', 'profile_visit_count'] %}
-- Whose days they are: the account whose source the file came from. What a publishing tool
-- counts stands in for an account without exports of its own (ADR 0007): figures of two
-- meters do not make one series. Days after the week do not exist yet.
with

account_days as (

    select * from {{ ref('int_account_days__unioned') }}

),

tool_days as (

    select * from {{ ref('int_tool_days__attributed') }}

),

accounts as (

    select
        platform_code,
        source_name,
        min(account_key) as account_key
    from {{ ref('int_accounts__declared') }}
    where
        platform_kind_code = 'channel'
        and source_name is not null
    group by
        platform_code,
        source_name

),

own_days as (

    select
        coalesce(
            accounts.account_key,
            {{ surrogate_key(['account_days.platform_code', 'lower(account_days.source_name)']) }}
        ) as account_key,
        account_days.platform_code,
        account_days.source_name,
        account_days.source_name as account_handle,
        account_days.activity_date,
        {%- for figure in figures %}
        account_days.{{ figure }},
        {%- endfor %}
        account_days.exported_at,
        account_days.file_sha256
    from account_days
    left join accounts
        on
            account_days.platform_code = accounts.platform_code
            and account_days.source_name = accounts.source_name
    where account_days.activity_date < {{ days_later(built_week(), 7) }}

),

own_accounts as (

    select account_key
    from own_days
    group by account_key

),

attributed as (

    select * from own_days

    union all

    select
        tool_days.account_key,
        tool_days.platform_code,
        tool_days.source_name,
        tool_days.profile_name as account_handle,
        tool_days.activity_date,
        {%- for figure in figures %}
        {{ 'cast(null as bigint) as ' ~ figure if figure in of_no_tool else 'tool_days.' ~ figure }},
        {%- endfor %}
        tool_days.exported_at,
        tool_days.file_sha256
    from tool_days
    left join own_accounts
        on tool_days.account_key = own_accounts.account_key
    where own_accounts.account_key is null

),

dated as (

    select
        *,
        {{ reporting_week('activity_date') }} as activity_week
    from attributed

)

select * from dated
