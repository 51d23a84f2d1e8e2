-- What the organisation is called where people speak of it: its handles, and the names
-- of its own channels.
with

accounts as (

    select
        account_handle,
        account_name,
        platform_kind_code
    from {{ ref('int_accounts__declared') }}
    where actor_class_code = 'org'

)

select {{ words_of('account_handle') }} as words_text
from accounts
where length(account_handle) >= 4

union

select {{ words_of('account_name') }} as words_text
from accounts
where
    platform_kind_code = 'channel'
    and length(account_name) >= 4
