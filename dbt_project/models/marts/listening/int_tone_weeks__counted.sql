{{ config(schema='intermediate', contract={'enforced': false}) }}
-- What the tone of a week and segment rests on: all texts of stakeholders, and those of
-- them that could be scored. A text in another language or of no language is one that
-- could not; one that is empty, a bare link say, is none.
with

weeks as (

    select week_start
    from {{ ref('dim_weeks') }}

),

interactions as (

    select
        platform_code,
        occurred_week as week_start,
        compound_score,
        sentiment_code,
        case when compound_score is not null then coalesce(person_key, interaction_key) end
            as scored_person_key
    from {{ ref('fct_interactions') }}
    where
        actor_class_code = 'stakeholder'
        and text_key is not null
        and coalesce(language_bucket_code, 'unread') <> 'empty'

),

-- One row per week, platform and author of scored texts; what could not be scored has none.
platform_people as (

    select
        week_start,
        platform_code,
        scored_person_key,
        count(*) as text_count,
        count(compound_score) as scored_count,
        count(case when sentiment_code = 'positive' then 1 end) as positive_count,
        count(case when sentiment_code = 'negative' then 1 end) as negative_count,
        sum(cast(round(compound_score * 10000) as bigint)) as compound_points
    from interactions
    group by
        week_start,
        platform_code,
        scored_person_key

),

people as (

    select
        'platform' as segment_kind_code,
        platform_code as segment_code,
        week_start,
        scored_person_key,
        text_count,
        scored_count,
        positive_count,
        negative_count,
        compound_points
    from platform_people

    union all

    select
        'all' as segment_kind_code,
        'all' as segment_code,
        week_start,
        scored_person_key,
        sum(text_count) as text_count,
        sum(scored_count) as scored_count,
        sum(positive_count) as positive_count,
        sum(negative_count) as negative_count,
        sum(compound_points) as compound_points
    from platform_people
    group by
        week_start,
        scored_person_key

),

summed as (

    select
        week_start,
        segment_kind_code,
        segment_code,
        cast(sum(text_count) as bigint) as text_count,
        cast(sum(scored_count) as bigint) as scored_count,
        count(scored_person_key) as author_count,
        cast(sum(positive_count) as bigint) as positive_count,
        cast(sum(negative_count) as bigint) as negative_count,
        cast(sum(compound_points) as bigint) as compound_points
    from people
    group by
        week_start,
        segment_kind_code,
        segment_code

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
counted as (

    select
        weeks.week_start,
        known_segments.segment_kind_code,
        known_segments.segment_code,
        coalesce(summed.text_count, 0) as text_count,
        coalesce(summed.scored_count, 0) as scored_count,
        coalesce(summed.author_count, 0) as author_count,
        coalesce(summed.positive_count, 0) as positive_count,
        coalesce(summed.negative_count, 0) as negative_count,
        summed.compound_points
    from weeks
    inner join known_segments
        on known_segments.first_week <= weeks.week_start
    left join summed
        on
            weeks.week_start = summed.week_start
            and known_segments.segment_kind_code = summed.segment_kind_code
            and known_segments.segment_code = summed.segment_code

)

select * from counted
