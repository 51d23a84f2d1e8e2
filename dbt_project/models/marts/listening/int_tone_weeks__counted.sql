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
        interaction_key,
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

texts as (

    select
        interactions.*,
        'all' as segment_kind_code,
        'all' as segment_code
    from interactions

    union all

    select
        interactions.*,
        'platform' as segment_kind_code,
        platform_code as segment_code
    from interactions

),

known_segments as (

    select
        segment_kind_code,
        segment_code,
        min(week_start) as first_week
    from texts
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
        count(texts.interaction_key) as text_count,
        count(texts.compound_score) as scored_count,
        count(distinct texts.scored_person_key) as author_count,
        count(case when texts.sentiment_code = 'positive' then 1 end) as positive_count,
        count(case when texts.sentiment_code = 'negative' then 1 end) as negative_count,
        cast(sum(cast(round(texts.compound_score * 10000) as bigint)) as bigint) as compound_points
    from weeks
    inner join known_segments
        on known_segments.first_week <= weeks.week_start
    left join texts
        on
            weeks.week_start = texts.week_start
            and known_segments.segment_kind_code = texts.segment_kind_code
            and known_segments.segment_code = texts.segment_code
    group by
        weeks.week_start,
        known_segments.segment_kind_code,
        known_segments.segment_code

)

select * from counted
