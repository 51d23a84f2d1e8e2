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
    where advocacy_kind_code is not null

),

-- What we said ourselves.
prompts as (

    select interaction_key
    from interactions
    where actor_class_code in ('org', 'employee')

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
        interactions.mentions_org and prompts.interaction_key is null as is_unprompted
    from interactions
    left join prompts
        on interactions.parent_interaction_key = prompts.interaction_key
    left join acts
        on interactions.interaction_key = acts.interaction_key
    where
        interactions.actor_class_code = 'stakeholder'
        -- A text pasted again on the same day is no further mention.
        and not interactions.is_repeat

),

-- One row per week, platform and person: what they said there, all in whole numbers.
platform_people as (

    select
        week_start,
        platform_code,
        person_key,
        count(*) as mention_count,
        count(sentiment_code) as scored_count,
        count(case when sentiment_code = 'positive' then 1 end) as positive_count,
        count(case when sentiment_code = 'negative' then 1 end) as negative_count,
        count(compound_points) as point_count,
        sum(compound_points) as point_sum,
        count(advocacy_kind_code) as advocacy_count,
        count(case when is_unprompted then 1 end) as unprompted_count
    from said
    group by
        week_start,
        platform_code,
        person_key

),

-- One row per week, segment and person. Net sentiment is on the scale of the figure per
-- message, so that the gap between the two is one of people and not of scales; who
-- supports us is read from the mean score.
people as (

    select
        'platform' as segment_kind_code,
        platform_code as segment_code,
        platform_people.*
    from platform_people

    union all

    select
        'all' as segment_kind_code,
        'all' as segment_code,
        week_start,
        'all' as platform_code,
        person_key,
        sum(mention_count) as mention_count,
        sum(scored_count) as scored_count,
        sum(positive_count) as positive_count,
        sum(negative_count) as negative_count,
        sum(point_count) as point_count,
        sum(point_sum) as point_sum,
        sum(advocacy_count) as advocacy_count,
        sum(unprompted_count) as unprompted_count
    from platform_people
    group by
        week_start,
        person_key

),

rated_people as (

    select
        people.*,
        {{ safe_ratio('point_sum', 'point_count') }} / 10000 as mean_score,
        {{ safe_ratio('positive_count - negative_count', 'scored_count') }} as net_sentiment
    from people

),

summed as (

    select
        people.week_start,
        people.segment_kind_code,
        people.segment_code,
        cast(sum(people.mention_count) as bigint) as mention_count,
        count(people.person_key) as author_count,
        cast(sum(people.scored_count) as bigint) as scored_count,
        cast(sum(people.positive_count) as bigint) as positive_count,
        cast(sum(people.negative_count) as bigint) as negative_count,
        cast(sum(people.advocacy_count) as bigint) as advocacy_count,
        count(case when people.unprompted_count > 0 then people.person_key end)
            as unprompted_author_count,
        count(people.mean_score) as scored_person_count,
        cast(sum(cast(round(people.net_sentiment * 1000000) as bigint)) as bigint) as mean_points,
        count(case when people.mean_score >= thresholds.positive_compound_score then 1 end)
            as supporter_count,
        count(case when people.mean_score <= thresholds.negative_compound_score then 1 end)
            as opponent_count
    from rated_people as people
    cross join thresholds
    group by
        people.week_start,
        people.segment_kind_code,
        people.segment_code

),

known_segments as (

    select
        segment_kind_code,
        segment_code,
        min(week_start) as first_week
    from summed
    group by
        segment_kind_code,
        segment_code

),

-- One row per week and segment; a week in which nobody spoke counts zero.
joined as (

    select
        weeks.week_start,
        known_segments.segment_kind_code,
        known_segments.segment_code,
        coalesce(summed.mention_count, 0) as mention_count,
        coalesce(summed.author_count, 0) as author_count,
        coalesce(summed.scored_count, 0) as scored_count,
        coalesce(summed.positive_count, 0) as positive_count,
        coalesce(summed.negative_count, 0) as negative_count,
        coalesce(summed.advocacy_count, 0) as advocacy_count,
        coalesce(summed.unprompted_author_count, 0) as unprompted_author_count,
        {{ safe_ratio('summed.scored_count', 'summed.mention_count') }} as scored_ratio,
        {{ safe_ratio('summed.scored_count', 'summed.mention_count') }}
        >= thresholds.scored_ratio_minimum as is_readable,
        summed.scored_person_count,
        summed.mean_points,
        summed.supporter_count,
        summed.opponent_count
    from weeks
    cross join thresholds
    inner join known_segments
        on known_segments.first_week <= weeks.week_start
    left join summed
        on
            weeks.week_start = summed.week_start
            and known_segments.segment_kind_code = summed.segment_kind_code
            and known_segments.segment_code = summed.segment_code

)

select * from joined
