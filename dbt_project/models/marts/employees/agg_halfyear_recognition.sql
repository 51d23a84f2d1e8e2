-- The three who had most impact in each half-year. Likes and followers decide nothing; a
-- ranking that is frozen stays, and what is known later stands beside it. Whoever takes part
-- no more is not named: a place among the first stays empty, and nobody moves up.
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
        employee_code,
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

placed as (

    select
        *,
        rank_number <= recognised_rank_maximum and impact_points > 0 as is_among_first
    from ranked

),

named as (

    select
        placed.person_key,
        placed.period_start,
        placed.period_end,
        placed.frozen_on,
        placed.is_frozen,
        placed.rank_number,
        placed.is_among_first as is_recognised,
        false as is_vacant,
        placed.impact_points,
        placed.lead_count,
        placed.download_count,
        placed.conversation_count,
        placed.first_result_at,
        sized.network_count,
        1000 * {{ safe_ratio('placed.impact_points', 'sized.network_count') }}
            as impact_points_rate_per_1000_connections,
        current_points.impact_points as current_impact_points,
        case
            when current_points.impact_points <> placed.impact_points
                then 'After the freeze the impact became '
                    || cast(cast(current_points.impact_points as decimal(18, 3)) as varchar)
                    || '; the ranking stays.'
        end as adjustment_note
    from placed
    inner join current_points
        on
            placed.employee_code = current_points.employee_code
            and placed.period_start = current_points.period_start
    left join sized
        on
            placed.person_key = sized.person_key
            and placed.period_start = sized.period_start
    where placed.person_key is not null

),

vacant as (

    select
        cast(null as varchar) as person_key,
        period_start,
        period_end,
        frozen_on,
        is_frozen,
        rank_number,
        false as is_recognised,
        true as is_vacant,
        cast(null as double) as impact_points,
        cast(null as double) as lead_count,
        cast(null as double) as download_count,
        cast(null as bigint) as conversation_count,
        cast(null as timestamp) as first_result_at,
        cast(null as bigint) as network_count,
        cast(null as double) as impact_points_rate_per_1000_connections,
        cast(null as double) as current_impact_points,
        'Whoever was recognised here takes part no more and is not named; the place stays empty.'
            as adjustment_note
    from placed
    where
        person_key is null
        and is_among_first

)

select * from named

union all

select * from vacant
