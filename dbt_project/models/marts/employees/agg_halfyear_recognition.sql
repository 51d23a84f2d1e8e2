-- The three who had most impact in each half-year. Likes and followers decide nothing; a
-- ranking that is frozen stays, and what is known later stands beside it.
with

counted as (

    select * from {{ ref('int_employee_halfyears__counted') }}

),

thresholds as (

    select
        lead_impact_points,
        download_impact_points,
        conversation_impact_points,
        recognised_rank_maximum
    from {{ ref('int_thresholds__pivoted') }}

),

networks as (

    select
        person_key,
        week_start,
        network_count
    from {{ ref('fct_employee_zones') }}

),

weighed as (

    select
        counted.*,
        thresholds.recognised_rank_maximum,
        -- Whole thousandths: thirds of leads would rank by their rounding.
        round(
            counted.lead_count * thresholds.lead_impact_points
            + counted.download_count * thresholds.download_impact_points
            + counted.conversation_count * thresholds.conversation_impact_points,
            3
        ) as impact_points
    from counted
    cross join thresholds

),

ranked as (

    select
        *,
        rank() over (
            partition by period_start
            order by
                impact_points desc, round(lead_count, 3) desc, round(download_count, 3) desc,
                conversation_count desc, first_result_at nulls last
        ) as rank_number
    from weighed
    where view_code = 'frozen'

),

current_points as (

    select
        person_key,
        period_start,
        impact_points
    from weighed
    where view_code = 'current'

),

-- The size of the network at the last week of the half-year so far.
sized as (

    select
        ranked.person_key,
        ranked.period_start,
        max_by(networks.network_count, networks.week_start) as network_count
    from ranked
    inner join networks
        on
            ranked.person_key = networks.person_key
            and networks.week_start between ranked.period_start and ranked.period_end
    group by
        ranked.person_key,
        ranked.period_start

),

recognised as (

    select
        ranked.person_key,
        ranked.period_start,
        ranked.period_end,
        ranked.frozen_on,
        ranked.is_frozen,
        ranked.rank_number,
        ranked.rank_number <= ranked.recognised_rank_maximum
        and ranked.impact_points > 0 as is_recognised,
        ranked.impact_points,
        ranked.lead_count,
        ranked.download_count,
        ranked.conversation_count,
        ranked.first_result_at,
        sized.network_count,
        1000 * {{ safe_ratio('ranked.impact_points', 'sized.network_count') }}
            as impact_points_rate_per_1000_connections,
        current_points.impact_points as current_impact_points,
        case
            when current_points.impact_points <> ranked.impact_points
                then 'After the freeze the impact became '
                    || cast(cast(current_points.impact_points as decimal(18, 3)) as varchar)
                    || '; the ranking stays.'
        end as adjustment_note
    from ranked
    inner join current_points
        on
            ranked.person_key = current_points.person_key
            and ranked.period_start = current_points.period_start
    left join sized
        on
            ranked.person_key = sized.person_key
            and ranked.period_start = sized.period_start

)

select * from recognised
