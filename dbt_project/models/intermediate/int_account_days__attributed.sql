-- Whose days they are: the account whose source the file came from. Days after the week
-- do not exist yet.
with

account_days as (

    select * from {{ ref('int_account_days__unioned') }}

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

attributed as (

    select
        coalesce(
            accounts.account_key,
            {{ surrogate_key(['account_days.platform_code', 'lower(account_days.source_name)']) }}
        ) as account_key,
        account_days.*,
        {{ reporting_week('account_days.activity_date') }} as activity_week
    from account_days
    left join accounts
        on
            account_days.platform_code = accounts.platform_code
            and account_days.source_name = accounts.source_name
    where account_days.activity_date < {{ days_later(built_week(), 7) }}

)

select * from attributed
