-- How many people stand on each step when the week closes, and how they got there:
-- members = previous members + entered - left, for every stage and week.
with

weeks as (

    select week_start
    from {{ ref('dim_weeks') }}

),

stages as (

    select
        stage_number,
        stage_code,
        stage_name
    from {{ ref('funnel_stages') }}

),

week_moves as (

    select
        week_start,
        from_stage_number,
        to_stage_number
    from {{ ref('int_funnel_week_moves__netted') }}

),

cohorts as (

    select *
    from {{ ref('int_funnel_cohorts__counted') }}

),

medians as (

    select
        week_start,
        stage_number,
        median_days_in_stage
    from {{ ref('int_funnel_stays__medianed') }}

),

rules as (

    select
        valid_from,
        valid_to,
        minimum_people,
        limit_sigmas
    from {{ ref('dim_funnel_rules') }}
    where rule_id = 'move_on'

),

-- One row per week and stage; a week without moves has all zeros.
flows as (

    select
        weeks.week_start,
        stages.stage_number,
        stages.stage_code,
        stages.stage_name,
        count(case when week_moves.to_stage_number = stages.stage_number then 1 end)
            as entered_count,
        count(case when week_moves.from_stage_number = stages.stage_number then 1 end)
            as left_count,
        count(case
            when
                week_moves.from_stage_number = stages.stage_number
                and week_moves.to_stage_number > stages.stage_number
                then 1
        end) as moved_up_count
    from weeks
    cross join stages
    left join week_moves
        on
            weeks.week_start = week_moves.week_start
            and (
                week_moves.from_stage_number = stages.stage_number
                or week_moves.to_stage_number = stages.stage_number
            )
    group by
        weeks.week_start,
        stages.stage_number,
        stages.stage_code,
        stages.stage_name

),

stocks as (

    select
        flows.*,
        cast(sum(entered_count - left_count) over (
            partition by stage_number
            order by week_start
            rows between unbounded preceding and current row
        ) as bigint) as member_count
    from flows

),

-- A usual ratio needs enough people in the cohort and in the arrivals before it.
ranged as (

    select
        stocks.*,
        stocks.member_count - stocks.entered_count + stocks.left_count
            as previous_member_count,
        case when stocks.stage_number < 6 then coalesce(cohorts.move_on_count, 0) end
            as move_on_count,
        case when stocks.stage_number < 6 then coalesce(cohorts.move_on_base_count, 0) end
            as move_on_base_count,
        case when stocks.stage_number < 6 then coalesce(cohorts.usual_move_on_base_count, 0) end
            as usual_base_count,
        cohorts.usual_move_on_count,
        case when stocks.stage_number < 6 then coalesce(cohorts.conversion_90d_count, 0) end
            as conversion_90d_count,
        case when stocks.stage_number < 6 then coalesce(cohorts.conversion_90d_base_count, 0) end
            as conversion_90d_base_count,
        case
            when
                stocks.stage_number < 6
                and cohorts.move_on_base_count >= rules.minimum_people
                and cohorts.usual_move_on_base_count >= rules.minimum_people
                then {{ safe_ratio('cohorts.usual_move_on_count', 'cohorts.usual_move_on_base_count') }}
        end as usual_move_on_ratio,
        rules.limit_sigmas,
        medians.median_days_in_stage
    from stocks
    inner join rules
        on stocks.week_start between rules.valid_from and rules.valid_to
    left join cohorts
        on
            stocks.week_start = cohorts.week_start
            and stocks.stage_number = cohorts.stage_number
    left join medians
        on
            stocks.week_start = medians.week_start
            and stocks.stage_number = medians.stage_number

),

-- Both samples are small at times, so the width holds the chance in either, and one
-- imaginary success and failure keep five out of five from meaning certainty.
limited as (

    select
        ranged.*,
        limit_sigmas * sqrt(
            (usual_move_on_count + 1.0) / (usual_base_count + 2)
            * (usual_base_count - usual_move_on_count + 1.0) / (usual_base_count + 2)
            * (1.0 / nullif(move_on_base_count, 0) + 1.0 / nullif(usual_base_count, 0))
        ) as usual_width
    from ranged

),

weekly as (

    select
        week_start,
        stage_number,
        stage_code,
        stage_name,
        member_count,
        previous_member_count,
        entered_count,
        left_count,
        moved_up_count,
        left_count - moved_up_count as moved_down_count,
        previous_member_count - left_count as held_count,
        {{ safe_ratio('moved_up_count', 'previous_member_count') }} as moved_up_ratio,
        {{ safe_ratio('previous_member_count - left_count', 'previous_member_count') }} as held_ratio,
        {{ safe_ratio('left_count - moved_up_count', 'previous_member_count') }} as moved_down_ratio,
        move_on_count,
        move_on_base_count,
        {{ safe_ratio('move_on_count', 'move_on_base_count') }} as move_on_ratio,
        usual_base_count,
        usual_move_on_ratio,
        case when usual_move_on_ratio is not null then round(greatest(usual_move_on_ratio - usual_width, 0), 9) end
            as usual_low_ratio,
        case when usual_move_on_ratio is not null then round(least(usual_move_on_ratio + usual_width, 1), 9) end
            as usual_high_ratio,
        case when stage_number < 6 then member_count end as waiting_count,
        conversion_90d_count,
        conversion_90d_base_count,
        {{ safe_ratio('conversion_90d_count', 'conversion_90d_base_count') }}
            as conversion_90d_ratio,
        median_days_in_stage
    from limited

),

-- The one step, if any, whose shortfall below its own usual range holds up most people.
judged as (

    select
        weekly.*,
        case
            when stage_number = 6 then null
            when usual_low_ratio is null then 'too_early'
            when move_on_ratio < usual_low_ratio then 'signal_down'
            when move_on_ratio > usual_high_ratio then 'signal_up'
            else 'routine'
        end as signal_code,
        coalesce(
            (usual_low_ratio - move_on_ratio) * waiting_count > 0
            and row_number() over (
                partition by week_start
                order by
                    (usual_low_ratio - move_on_ratio) * waiting_count desc nulls last,
                    stage_number
            ) = 1,
            false
        ) as is_stuck
    from weekly

)

select * from judged
