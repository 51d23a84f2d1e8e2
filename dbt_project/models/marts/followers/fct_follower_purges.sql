-- A platform that removes accounts takes followers from everybody on the same day. Only
-- a fall on all of our accounts there at once is read as that.
with

steps as (

    select
        platform_code,
        flow_date,
        lost_count,
        step_count,
        is_large_fall
    from {{ ref('int_follower_steps__judged') }}

),

rules as (

    select
        cast(max(case when parameter_name = 'minimum_accounts' then parameter_value end) as integer)
            as minimum_accounts
    from {{ ref('int_signal_rules__dated') }}
    where rule_id = 'purge'

),

-- One row per platform and day.
counted as (

    select
        platform_code,
        flow_date,
        count(*) as account_count,
        count(is_large_fall) as judged_account_count,
        count(case when is_large_fall then 1 end) as fallen_account_count,
        cast(sum(lost_count) as bigint) as lost_count,
        cast(sum(case when is_large_fall is not null then step_count end) as bigint)
            as step_count
    from steps
    group by
        platform_code,
        flow_date

),

coded as (

    select
        {{ surrogate_key(['counted.platform_code', 'counted.flow_date']) }} as follower_purge_key,
        counted.platform_code,
        counted.flow_date,
        {{ reporting_week('counted.flow_date') }} as flow_week,
        counted.account_count,
        counted.judged_account_count,
        counted.fallen_account_count,
        counted.lost_count,
        counted.step_count,
        case
            when counted.judged_account_count = 0 then 'not_known'
            when counted.judged_account_count < rules.minimum_accounts then 'too_few_accounts'
            when counted.fallen_account_count = counted.judged_account_count then 'purge'
            else 'no_purge'
        end as purge_code
    from counted
    cross join rules

),

flagged as (

    select
        coded.*,
        purge_code = 'purge' as is_purge
    from coded

)

select * from flagged
