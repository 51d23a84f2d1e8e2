-- The highest zone whose rule holds at the end of the week. Who is linked and silent for
-- ninety days is dormant, which is no zone.
with

activity as (

    select * from {{ ref('int_employee_activity__counted') }}

),

results as (

    select * from {{ ref('int_employee_results__counted') }}

),

thresholds as (

    select * from {{ ref('int_thresholds__pivoted') }}

),

-- Same grain: an employee and week is one row in both.
judged as (

    select
        activity.*,
        results.exchange_count,
        results.conversation_count,
        results.lead_count,
        results.download_count,
        results.network_count,
        results.network_growth_count,
        results.has_result_source,
        results.conversation_count
        + coalesce(results.lead_count, 0)
        + coalesce(results.download_count, 0) as result_count,
        activity.act_count = 0 as is_dormant,
        activity.share_count >= thresholds.sharer_share_minimum_count as is_sharer,
        activity.piece_count >= thresholds.creator_piece_minimum_count
        and activity.piece_month_count >= thresholds.creator_month_minimum_count as is_creator,
        activity.active_week_count >= thresholds.engaged_week_minimum_count as has_active_weeks,
        results.exchange_count >= thresholds.engaged_exchange_minimum_count as has_exchanges
    from activity
    inner join results
        on
            activity.person_key = results.person_key
            and activity.week_start = results.week_start
    cross join thresholds

),

-- What stands between a creator and the last zone: first what the employee lacks, then
-- what no source tells.
reasoned as (

    select
        *,
        case
            when not is_creator then null
            when not is_sharer then 'too_few_shares'
            when not has_active_weeks then 'too_few_active_weeks'
            when not has_exchanges then 'too_few_exchanges'
            when network_growth_count <= 0 then 'network_not_growing'
            when has_result_source and result_count = 0 then 'no_result'
            when network_growth_count is null then 'network_missing'
            when not has_result_source then 'results_missing'
        end as reason_code
    from judged

),

zoned as (

    select
        person_key,
        week_start,
        case
            when is_dormant then null
            when is_creator and reason_code is null then 'socially_engaged'
            when is_creator then 'creator'
            when is_sharer then 'sharer'
            else 'consumer'
        end as zone_code,
        case
            when is_creator or not is_sharer then null
            when short_original_count > 0 then 'short_original'
            when commented_share_count > 0 then 'with_commentary'
            else 'plain'
        end as sub_step_code,
        is_dormant,
        is_sharer,
        is_creator,
        reason_code,
        coalesce(reason_code in ('network_missing', 'results_missing'), false) as is_capped,
        act_count,
        active_week_count,
        share_count,
        commented_share_count,
        short_original_count,
        piece_count,
        piece_month_count,
        exchange_count,
        conversation_count,
        lead_count,
        download_count,
        network_count,
        network_growth_count
    from reasoned

)

select * from zoned
