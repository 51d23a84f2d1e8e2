{{ config(schema='intermediate', contract={'enforced': false}) }}
-- Who spoke in each week, how much and in which tone: over all and per platform.
with

weeks as (

    select week_start
    from {{ ref('dim_weeks') }}

),

interactions as (

    select
        interaction_key,
        platform_code,
        person_key,
        parent_interaction_key,
        actor_class_code,
        occurred_week,
        compound_score,
        sentiment_code,
        mentions_org,
        is_repeat
    from {{ ref('fct_interactions') }}

),

acts as (

    select
        interaction_key,
        advocacy_kind_code
    from {{ ref('fct_funnel_acts') }}

),

thresholds as (

    select
        scored_ratio_minimum,
        positive_compound_score,
        negative_compound_score
    from {{ ref('int_thresholds__pivoted') }}

),

said as (

    select
        interactions.occurred_week as week_start,
        interactions.platform_code,
        interactions.person_key,
        cast(round(interactions.compound_score * 10000) as bigint) as compound_points,
        interactions.sentiment_code,
        acts.advocacy_kind_code,
        -- Unprompted: somebody names us, and not in an answer to us.
        interactions.mentions_org
        and coalesce(parents.actor_class_code, 'none') not in ('org', 'employee')
            as is_unprompted
    from interactions
    left join interactions as parents
        on interactions.parent_interaction_key = parents.interaction_key
    left join acts
        on interactions.interaction_key = acts.interaction_key
    where
        interactions.actor_class_code = 'stakeholder'
        -- A text pasted again on the same day is no further mention.
        and not interactions.is_repeat

),

segments as (

    select
        said.*,
        'all' as segment_kind_code,
        'all' as segment_code
    from said

    union all

    select
        said.*,
        'platform' as segment_kind_code,
        platform_code as segment_code
    from said

),

known_segments as (

    select
        segment_kind_code,
        segment_code,
        min(week_start) as first_week
    from segments
    group by
        segment_kind_code,
        segment_code

),

-- One row per week, segment and person. Net sentiment is on the scale of the figure per
-- message, so that the gap between the two is one of people and not of scales; who
-- supports us is read from the mean score.
people as (

    select
        week_start,
        segment_kind_code,
        segment_code,
        person_key,
        {{ safe_ratio('sum(compound_points)', 'count(compound_points)') }} / 10000
            as mean_score,
        {{ safe_ratio(
            "count(case sentiment_code when 'positive' then 1 end)"
            ~ " - count(case sentiment_code when 'negative' then 1 end)",
            'count(sentiment_code)',
        ) }} as net_sentiment
    from segments
    group by
        week_start,
        segment_kind_code,
        segment_code,
        person_key

),

moods as (

    select
        people.week_start,
        people.segment_kind_code,
        people.segment_code,
        count(people.mean_score) as scored_person_count,
        cast(sum(cast(round(people.net_sentiment * 1000000) as bigint)) as bigint) as mean_points,
        count(case when people.mean_score >= thresholds.positive_compound_score then 1 end)
            as supporter_count,
        count(case when people.mean_score <= thresholds.negative_compound_score then 1 end)
            as opponent_count
    from people
    cross join thresholds
    group by
        people.week_start,
        people.segment_kind_code,
        people.segment_code

),

-- One row per week and segment; a week in which nobody spoke counts zero.
counted as (

    select
        weeks.week_start,
        known_segments.segment_kind_code,
        known_segments.segment_code,
        count(segments.week_start) as mention_count,
        count(distinct segments.person_key) as author_count,
        count(segments.sentiment_code) as scored_count,
        count(case when segments.sentiment_code = 'positive' then 1 end) as positive_count,
        count(case when segments.sentiment_code = 'negative' then 1 end) as negative_count,
        count(segments.advocacy_kind_code) as advocacy_count,
        count(distinct case when segments.is_unprompted then segments.person_key end)
            as unprompted_author_count
    from weeks
    inner join known_segments
        on known_segments.first_week <= weeks.week_start
    left join segments
        on
            weeks.week_start = segments.week_start
            and known_segments.segment_kind_code = segments.segment_kind_code
            and known_segments.segment_code = segments.segment_code
    group by
        weeks.week_start,
        known_segments.segment_kind_code,
        known_segments.segment_code

),

joined as (

    select
        counted.*,
        {{ safe_ratio('counted.scored_count', 'counted.mention_count') }} as scored_ratio,
        {{ safe_ratio('counted.scored_count', 'counted.mention_count') }}
        >= thresholds.scored_ratio_minimum as is_readable,
        moods.scored_person_count,
        moods.mean_points,
        moods.supporter_count,
        moods.opponent_count
    from counted
    cross join thresholds
    left join moods
        on
            counted.week_start = moods.week_start
            and counted.segment_kind_code = moods.segment_kind_code
            and counted.segment_code = moods.segment_code

)

select * from joined
