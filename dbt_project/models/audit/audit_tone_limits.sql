-- How far the mean tone of the week's texts lies from that of the eight weeks before, per
-- platform and in standard errors: a scorer that reads another column shifts it at once.
with

texts as (

    select
        platform_code,
        occurred_week as week_start,
        cast(round(compound_score * 1000000) as bigint) as score_points
    from {{ ref('fct_interactions') }}
    where
        actor_class_code = 'stakeholder'
        and compound_score is not null
        and occurred_week <= {{ built_week() }}
        and occurred_week >= {{ days_earlier(built_week(), 56) }}

),

-- Whole millionths add up in any order; their squares need not.
weekly as (

    select
        platform_code,
        week_start,
        count(*) as scored_count,
        sum(score_points) as point_sum,
        sum(cast(score_points as decimal(18, 0)) * score_points) as square_sum
    from texts
    group by
        platform_code,
        week_start

),

usual as (

    select
        platform_code,
        count(*) as history_week_count,
        cast(sum(scored_count) as bigint) as usual_scored_count,
        cast(sum(point_sum) as double) / sum(scored_count) / 1000000 as usual_mean_score,
        sqrt(greatest(
            cast(sum(square_sum) as double) / sum(scored_count) / pow(1000000, 2)
            - pow(cast(sum(point_sum) as double) / sum(scored_count) / 1000000, 2),
            0
        )) as usual_spread
    from weekly
    where week_start < {{ built_week() }}
    group by platform_code

),

compared as (

    select
        weekly.week_start,
        weekly.platform_code,
        weekly.scored_count,
        coalesce(usual.history_week_count, 0) as history_week_count,
        coalesce(usual.usual_scored_count, 0) as usual_scored_count,
        cast(weekly.point_sum as double) / weekly.scored_count / 1000000 as mean_score,
        usual.usual_mean_score,
        usual.usual_spread
    from weekly
    left join usual
        on weekly.platform_code = usual.platform_code
    where weekly.week_start = {{ built_week() }}

)

select
    {{ surrogate_key(['week_start', 'platform_code']) }} as tone_key,
    week_start,
    platform_code,
    scored_count,
    history_week_count,
    usual_scored_count,
    round(mean_score, 6) as mean_score,
    round(usual_mean_score, 6) as usual_mean_score,
    round(
        {{ safe_ratio('(mean_score - usual_mean_score) * sqrt(scored_count)', 'usual_spread') }}, 6
    ) as z_score
from compared
