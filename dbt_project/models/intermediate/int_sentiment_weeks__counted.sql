-- What was said in which tone in each week, by theme and over all, with the versions of
-- the scorer that read it. Sums of squares over authors, whole numbers in any order, let a
-- reader take each author's texts for one opinion without a row per author.
with

interactions as (

    select
        interaction_key,
        person_key,
        occurred_week as week_start,
        text_key,
        sentiment_code
    from {{ ref('int_interactions__classified') }}
    where actor_class_code = 'stakeholder'

),

themes as (

    select
        interaction_key,
        theme_code
    from {{ ref('int_interaction_themes__matched') }}
    where not is_repeat

),

text_scores as (

    select
        text_key,
        concat_ws('/', scorer_version, normaliser_version) as reading_version
    from {{ ref('stg_listening__text_scores') }}

),

readings as (

    select
        reading_version,
        row_number() over (order by reading_version) as reading_number,
        row_number() over (order by count(*) desc, reading_version) = 1 as is_usual
    from text_scores
    group by reading_version

),

-- One row, also where nothing was ever scored.
usual_reading as (

    select max(case when is_usual then reading_number end) as reading_number
    from readings

),

-- Hardly a text is read by another version than the rest: only those are joined.
unusual_texts as (

    select
        text_scores.text_key,
        readings.reading_number
    from text_scores
    inner join readings
        on text_scores.reading_version = readings.reading_version
    where not readings.is_usual

),

read_interactions as (

    select
        interactions.interaction_key,
        interactions.person_key,
        interactions.week_start,
        interactions.sentiment_code,
        case
            when interactions.sentiment_code is not null
                then coalesce(unusual_texts.reading_number, usual_reading.reading_number)
        end as reading_number
    from interactions
    cross join usual_reading
    left join unusual_texts
        on interactions.text_key = unusual_texts.text_key

),

said as (

    select
        week_start,
        'all' as theme_code,
        person_key,
        sentiment_code,
        reading_number
    from read_interactions

    union all

    select
        read_interactions.week_start,
        themes.theme_code,
        read_interactions.person_key,
        read_interactions.sentiment_code,
        read_interactions.reading_number
    from read_interactions
    inner join themes
        on read_interactions.interaction_key = themes.interaction_key

),

-- One row per week, theme and author.
authors as (

    select
        week_start,
        theme_code,
        count(*) as text_count,
        count(sentiment_code) as scored_count,
        count(case when sentiment_code = 'positive' then 1 end) as positive_count,
        count(case when sentiment_code = 'negative' then 1 end) as negative_count,
        min(reading_number) as first_number,
        max(reading_number) as last_number
    from said
    group by
        week_start,
        theme_code,
        person_key

),

-- tone: good texts minus bad ones.
counted as (

    select
        week_start,
        theme_code,
        cast(sum(text_count) as bigint) as text_count,
        cast(sum(scored_count) as bigint) as scored_count,
        cast(sum(positive_count) as bigint) as positive_count,
        cast(sum(negative_count) as bigint) as negative_count,
        count(case when scored_count > 0 then 1 end) as author_count,
        cast(sum((positive_count - negative_count) * (positive_count - negative_count)) as bigint)
            as tone_square_sum,
        cast(sum((positive_count - negative_count) * scored_count) as bigint) as tone_product_sum,
        cast(sum(scored_count * scored_count) as bigint) as scored_square_sum,
        min(first_number) as first_number,
        max(last_number) as last_number
    from authors
    group by
        week_start,
        theme_code

)

select
    counted.week_start,
    counted.theme_code,
    counted.text_count,
    counted.scored_count,
    counted.positive_count,
    counted.negative_count,
    counted.author_count,
    counted.tone_square_sum,
    counted.tone_product_sum,
    counted.scored_square_sum,
    first_readings.reading_version as first_version,
    last_readings.reading_version as last_version
from counted
left join readings as first_readings
    on counted.first_number = first_readings.reading_number
left join readings as last_readings
    on counted.last_number = last_readings.reading_number
