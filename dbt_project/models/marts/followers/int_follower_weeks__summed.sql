{{ config(schema='intermediate', contract={'enforced': false}) }}
-- The week's flow of each account. What the platform does not report stays null: an
-- account that counts only its total has a net change, no gains and no losses.
with

flow as (

    select
        account_key,
        platform_code,
        flow_date,
        flow_week,
        opening_count,
        gained_count,
        lost_count,
        closing_count
    from {{ ref('fct_follower_flow') }}

),

purges as (

    select
        platform_code,
        flow_date
    from {{ ref('fct_follower_purges') }}
    where is_purge

),

accounts as (

    select
        account_key,
        platform_code,
        account_handle
    from {{ ref('dim_accounts') }}

),

weeks as (

    select week_start
    from {{ ref('dim_weeks') }}

),

-- Flows of days before the first known opening, or after the last known closing, are in
-- neither stock: with them, nobody can say what the week's flows leave unexplained.
spanned as (

    select
        flow.*,
        flow_date between
        min(case when opening_count is not null then flow_date end) over of_week
        and max(case when closing_count is not null then flow_date end) over of_week as is_spanned
    from flow
    window of_week as (partition by account_key, flow_week)

),

-- One row per week and account with anything known. Losses of four days are no week's
-- churn, so the rate below asks for all seven.
summed as (

    select
        flow.flow_week as week_start,
        flow.account_key,
        cast(sum(flow.gained_count) as bigint) as gained_count,
        cast(sum(flow.lost_count) as bigint) as lost_count,
        count(case when not flow.is_spanned and (flow.gained_count <> 0 or flow.lost_count <> 0) then 1 end)
            as unspanned_day_count,
        count(case when flow.gained_count is not null and flow.lost_count is not null then 1 end)
            as flow_day_count,
        count(purges.flow_date) as purge_day_count,
        cast(sum(case when purges.flow_date is not null then flow.lost_count end) as bigint)
            as purge_lost_count,
        max(case when flow.closing_count is not null then flow.flow_date end) as closed_on,
        min(case when flow.opening_count is not null then flow.flow_date end) as opened_on
    from spanned as flow
    inner join weeks
        on flow.flow_week = weeks.week_start
    left join purges
        on
            flow.platform_code = purges.platform_code
            and flow.flow_date = purges.flow_date
    group by
        flow.flow_week,
        flow.account_key

),

-- The first opening and the last closing of the week; each is one day's row.
joined as (

    select
        summed.*,
        opening.opening_count,
        closing.closing_count
    from summed
    left join flow as opening
        on
            summed.account_key = opening.account_key
            and summed.opened_on = opening.flow_date
    left join flow as closing
        on
            summed.account_key = closing.account_key
            and summed.closed_on = closing.flow_date

),

weekly as (

    select
        joined.week_start,
        accounts.platform_code,
        joined.account_key,
        accounts.account_handle,
        joined.opening_count,
        joined.gained_count,
        joined.lost_count,
        case
            when joined.unspanned_day_count = 0
                then joined.closing_count - joined.opening_count - joined.gained_count + joined.lost_count
        end as adjustment_count,
        joined.closing_count,
        joined.closing_count - joined.opening_count as net_count,
        case
            when joined.flow_day_count = 7
                then {{ safe_ratio('joined.lost_count', 'joined.opening_count') }}
        end as churn_rate,
        joined.flow_day_count,
        joined.purge_day_count,
        joined.purge_lost_count,
        joined.lost_count - coalesce(joined.purge_lost_count, 0) as own_lost_count,
        case
            when joined.flow_day_count = 7
                then {{ safe_ratio('joined.lost_count - coalesce(joined.purge_lost_count, 0)', 'joined.opening_count') }}
        end as churn_rate_without_purges
    from joined
    inner join accounts
        on joined.account_key = accounts.account_key

)

select * from weekly
