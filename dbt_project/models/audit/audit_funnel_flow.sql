-- The funnel counted a second way: people by where their last move left them, instead
-- of a running sum of moves. Both ways must agree in every stage.
with

funnel as (

    select
        week_start,
        stage_number,
        stage_code,
        member_count,
        previous_member_count,
        entered_count,
        left_count
    from {{ ref('agg_weekly_funnel') }}
    where
        week_start <= {{ built_week() }}
        and week_start > {{ days_earlier(built_week(), 56) }}

),

transitions as (

    select
        person_key,
        to_stage_number,
        moved_on,
        lead(moved_on) over (partition by person_key order by moved_on) as left_on
    from {{ ref('fct_funnel_transitions') }}

),

-- One row per week and stage.
recounted as (

    select
        funnel.week_start,
        funnel.stage_number,
        count(transitions.person_key) as recounted_member_count
    from funnel
    left join transitions
        on
            funnel.stage_number = transitions.to_stage_number
            and transitions.moved_on <= {{ days_later('funnel.week_start', 6) }}
            and (transitions.left_on is null or transitions.left_on > {{ days_later('funnel.week_start', 6) }})
    group by
        funnel.week_start,
        funnel.stage_number

),

compared as (

    select
        {{ surrogate_key(['funnel.week_start', 'funnel.stage_number']) }} as flow_key,
        funnel.week_start,
        funnel.stage_number,
        funnel.stage_code,
        funnel.member_count,
        recounted.recounted_member_count,
        funnel.previous_member_count,
        funnel.entered_count,
        funnel.left_count,
        funnel.member_count - funnel.previous_member_count - funnel.entered_count + funnel.left_count
            as flow_difference_count,
        funnel.member_count - recounted.recounted_member_count as member_difference_count
    from funnel
    inner join recounted
        on
            funnel.week_start = recounted.week_start
            and funnel.stage_number = recounted.stage_number

)

select * from compared
