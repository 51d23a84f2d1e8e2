-- What stakeholders said about each theme in each week. Net sentiment is stated only
-- where enough of the texts could be read; the figure per person stands beside it, so
-- that one tireless author shows as the gap between the two.
with

interactions as (

    select
        interaction_key,
        person_key,
        occurred_week,
        compound_score,
        sentiment_code,
        is_question,
        is_request,
        is_complaint,
        is_praise,
        is_suggestion,
        is_expectation,
        is_information
    from {{ ref('fct_interactions') }}
    where actor_class_code = 'stakeholder'

),

themes as (

    select
        interaction_key,
        theme_code
    from {{ ref('fct_interaction_themes') }}

),

topic_days as (

    select
        *,
        {{ reporting_week('day') }} as week_start
    from {{ ref('int_topic_days__scored') }}

),

thresholds as (

    select scored_ratio_minimum
    from {{ ref('int_thresholds__pivoted') }}

),

-- One row per interaction and theme.
mentions as (

    select
        themes.theme_code,
        interactions.*
    from interactions
    inner join themes
        on interactions.interaction_key = themes.interaction_key

),

-- One row per week and theme.
counted as (

    select
        occurred_week as week_start,
        theme_code,
        count(*) filter (where sentiment_code = 'positive') as positive_count,
        count(*) filter (where sentiment_code = 'neutral') as neutral_count,
        count(*) filter (where sentiment_code = 'negative') as negative_count,
        count(sentiment_code) as scored_count,
        count(*) as text_count,
        count(*) filter (where is_question) as question_count,
        count(*) filter (where is_request) as request_count,
        count(*) filter (where is_complaint) as complaint_count,
        count(*) filter (where is_praise) as praise_count,
        count(*) filter (where is_suggestion) as suggestion_count,
        count(*) filter (where is_expectation) as expectation_count,
        count(*) filter (where is_information) as information_count
    from mentions
    group by
        occurred_week,
        theme_code

),

-- One row per week, theme and person: what their own net sentiment is made of.
authors as (

    select
        occurred_week as week_start,
        theme_code,
        person_key,
        count(sentiment_code) as scored_count,
        count(case when sentiment_code = 'positive' then 1 end)
        - count(case when sentiment_code = 'negative' then 1 end) as tone_sum
    from mentions
    group by
        occurred_week,
        theme_code,
        person_key

),

-- Many people said alike: few rows are left to be added up in an order.
alike as (

    select
        week_start,
        theme_code,
        scored_count,
        tone_sum,
        count(*) as person_count,
        count(person_key) as author_count
    from authors
    group by
        week_start,
        theme_code,
        scored_count,
        tone_sum

),

people as (

    select
        week_start,
        theme_code,
        cast(sum(author_count) as bigint) as author_count,
        round(
            sum(person_count * {{ safe_ratio('tone_sum', 'scored_count') }} order by scored_count, tone_sum)
            / sum(case when scored_count > 0 then person_count end),
            9
        ) as person_net_sentiment
    from alike
    group by
        week_start,
        theme_code

),

-- Every week and theme has a row, because every day has one.
days as (

    select
        week_start,
        theme_code,
        cast(sum(mention_count) as bigint) as mention_count,
        max(burst_score) as burst_score,
        bool_or(is_burst) as is_burst,
        min(day) filter (where is_burst) as burst_on,
        round(avg(usual_daily_mentions order by day), 4) as usual_daily_mentions
    from topic_days
    group by
        week_start,
        theme_code

),

rated as (

    select
        days.week_start,
        days.theme_code,
        days.mention_count,
        coalesce(people.author_count, 0) as author_count,
        coalesce(counted.positive_count, 0) as positive_count,
        coalesce(counted.neutral_count, 0) as neutral_count,
        coalesce(counted.negative_count, 0) as negative_count,
        coalesce(counted.scored_count, 0) as scored_count,
        {{ safe_ratio('counted.scored_count', 'counted.text_count') }} as scored_ratio,
        case
            when {{ safe_ratio('counted.scored_count', 'counted.text_count') }} >= thresholds.scored_ratio_minimum
                then {{ safe_ratio('counted.positive_count - counted.negative_count', 'counted.scored_count') }}
        end as net_sentiment,
        case
            when {{ safe_ratio('counted.scored_count', 'counted.text_count') }} >= thresholds.scored_ratio_minimum
                then people.person_net_sentiment
        end as person_net_sentiment,
        coalesce(counted.question_count, 0) as question_count,
        coalesce(counted.request_count, 0) as request_count,
        coalesce(counted.complaint_count, 0) as complaint_count,
        coalesce(counted.praise_count, 0) as praise_count,
        coalesce(counted.suggestion_count, 0) as suggestion_count,
        coalesce(counted.expectation_count, 0) as expectation_count,
        coalesce(counted.information_count, 0) as information_count,
        days.burst_score,
        days.is_burst,
        days.burst_on,
        days.usual_daily_mentions
    from days
    cross join thresholds
    left join counted
        on
            days.week_start = counted.week_start
            and days.theme_code = counted.theme_code
    left join people
        on
            days.week_start = people.week_start
            and days.theme_code = people.theme_code

)

select * from rated
