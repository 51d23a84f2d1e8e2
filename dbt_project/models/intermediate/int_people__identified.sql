-- People, whatever the number of their accounts. One account that is ours makes all of
-- them ours: whoever works here is no stakeholder elsewhere.
with

accounts as (

    select * from {{ ref('int_accounts__identified') }}

),

links as (

    select
        account_person_key,
        person_key
    from {{ ref('int_people__linked') }}

),

-- Same grain: an account has one person.
owned as (

    select
        coalesce(links.person_key, accounts.account_person_key) as person_key,
        accounts.platform_code,
        case accounts.actor_class_code
            when 'org' then 1
            when 'employee' then 2
            when 'bot' then 3
            when 'unknown' then 4
            else 5
        end as class_rank,
        accounts.first_active_at,
        accounts.last_active_at,
        accounts.interaction_count,
        row_number() over (
            partition by coalesce(links.person_key, accounts.account_person_key)
            order by accounts.interaction_count desc, accounts.account_person_key
        ) as activity_rank
    from accounts
    left join links
        on accounts.account_person_key = links.account_person_key

)

select
    person_key,
    max(case when activity_rank = 1 then platform_code end) as platform_code,
    case min(class_rank)
        when 1 then 'org'
        when 2 then 'employee'
        when 3 then 'bot'
        when 4 then 'unknown'
        else 'stakeholder'
    end as actor_class_code,
    count(*) as account_count,
    min(first_active_at) as first_active_at,
    max(last_active_at) as last_active_at,
    cast(sum(interaction_count) as bigint) as interaction_count
from owned
group by person_key
