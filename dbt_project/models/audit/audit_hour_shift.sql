-- How many hours the week's acts stand from the usual time of day: the direction of the
-- mean hand on a clock of 24 hours, beside that of the eight weeks before. A clock of
-- another zone turns every hand by the same angle, also where no act leaves its week.
with

acts as (

    select
        platform_code,
        occurred_week as week_start,
        extract(hour from occurred_at) * 3.141592653589793 / 12 as angle
    from {{ ref('fct_interactions') }}
    where
        actor_class_code = 'stakeholder'
        and occurred_week <= {{ built_week() }}
        and occurred_week >= {{ days_earlier(built_week(), 56) }}

),

weekly as (

    select
        platform_code,
        week_start,
        count(*) as act_count,
        sum(cos(angle)) as cosine_sum,
        sum(sin(angle)) as sine_sum
    from acts
    group by
        platform_code,
        week_start

),

usual as (

    select
        platform_code,
        count(*) as history_week_count,
        cast(sum(act_count) as bigint) as usual_act_count,
        sum(cosine_sum) as cosine_sum,
        sum(sine_sum) as sine_sum
    from weekly
    where week_start < {{ built_week() }}
    group by platform_code

),

-- A mean hand that is short says nothing: acts are spread evenly around the clock.
compared as (

    select
        weekly.week_start,
        weekly.platform_code,
        weekly.act_count,
        coalesce(usual.history_week_count, 0) as history_week_count,
        coalesce(usual.usual_act_count, 0) as usual_act_count,
        round(sqrt(pow(weekly.cosine_sum, 2) + pow(weekly.sine_sum, 2)) / weekly.act_count, 6)
            as hand_length_ratio,
        round(sqrt(pow(usual.cosine_sum, 2) + pow(usual.sine_sum, 2)) / usual.usual_act_count, 6)
            as usual_hand_length_ratio,
        (atan2(weekly.sine_sum, weekly.cosine_sum) - atan2(usual.sine_sum, usual.cosine_sum))
        * 12 / 3.141592653589793 as turned_hours
    from weekly
    left join usual
        on weekly.platform_code = usual.platform_code
    where weekly.week_start = {{ built_week() }}

)

-- The shorter way around the clock.
select
    {{ surrogate_key(['week_start', 'platform_code']) }} as shift_key,
    week_start,
    platform_code,
    act_count,
    history_week_count,
    usual_act_count,
    hand_length_ratio,
    usual_hand_length_ratio,
    round(turned_hours - 24 * floor((turned_hours + 12) / 24), 6) as shift_hours
from compared
