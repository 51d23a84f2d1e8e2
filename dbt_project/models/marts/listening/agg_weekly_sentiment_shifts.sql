-- Did the tone of a theme change since the week before, as the scorer reads it? The
-- variance of three classes, p+ + p- - (p+ - p-)^2 over n, takes texts for independent;
-- author_z_score adds up each author's deviations first, so fifty texts of one person
-- count as one opinion. Neither knows the scorer's own errors.
with

authors as (

    select * from {{ ref('int_sentiment_authors__counted') }}

),

definitions as (

    select * from {{ ref('int_theme_weeks__defined') }}

),

thresholds as (

    select
        scored_ratio_minimum,
        shift_text_minimum_count
    from {{ ref('int_thresholds__pivoted') }}

),

-- One row per week and theme in force.
counted as (

    select
        definitions.week_start,
        definitions.theme_code,
        max(definitions.theme_version) as theme_version,
        cast(coalesce(sum(authors.text_count), 0) as bigint) as text_count,
        cast(coalesce(sum(authors.scored_count), 0) as bigint) as scored_count,
        cast(coalesce(sum(authors.positive_count), 0) as bigint) as positive_count,
        cast(coalesce(sum(authors.negative_count), 0) as bigint) as negative_count,
        count(case when authors.scored_count > 0 then 1 end) as author_count,
        min(authors.first_version) as first_version,
        max(authors.last_version) as last_version
    from definitions
    left join authors
        on
            definitions.week_start = authors.week_start
            and definitions.theme_code = authors.theme_code
    group by
        definitions.week_start,
        definitions.theme_code

),

rated as (

    select
        *,
        {{ safe_ratio('scored_count', 'text_count') }} as scored_ratio,
        {{ safe_ratio('positive_count - negative_count', 'scored_count') }} as net_sentiment,
        {{ safe_ratio('positive_count + negative_count', 'scored_count') }} as toned_ratio
    from counted

),

author_variances as (

    select
        rated.week_start,
        rated.theme_code,
        sum(
            power(
                authors.positive_count - authors.negative_count
                - authors.scored_count * rated.net_sentiment,
                2
            )
            order by authors.person_key
        ) / power(max(rated.scored_count), 2) as author_variance
    from rated
    inner join authors
        on
            rated.week_start = authors.week_start
            and rated.theme_code = authors.theme_code
    where authors.scored_count > 0
    group by
        rated.week_start,
        rated.theme_code

),

varied as (

    select
        rated.*,
        (rated.toned_ratio - power(rated.net_sentiment, 2)) / rated.scored_count as variance,
        author_variances.author_variance
    from rated
    left join author_variances
        on
            rated.week_start = author_variances.week_start
            and rated.theme_code = author_variances.theme_code

),

paired as (

    select
        now.*,
        before.net_sentiment as previous_net_sentiment,
        before.scored_count as previous_scored_count,
        before.variance as previous_variance,
        before.author_variance as previous_author_variance,
        case
            when before.week_start is null then 'first_week'
            when
                now.scored_count < thresholds.shift_text_minimum_count
                or before.scored_count < thresholds.shift_text_minimum_count
                then 'few_texts'
            when
                now.theme_version <> before.theme_version
                or now.first_version <> now.last_version
                or before.first_version <> before.last_version
                or now.first_version <> before.first_version
                then 'definition_break'
            when
                now.scored_ratio < thresholds.scored_ratio_minimum
                or before.scored_ratio < thresholds.scored_ratio_minimum
                then 'few_read'
        end as suppression_code
    from varied as now
    cross join thresholds
    left join varied as before
        on
            {{ days_earlier('now.week_start', 7) }} = before.week_start
            and now.theme_code = before.theme_code

)

select
    week_start,
    theme_code,
    text_count,
    scored_count,
    author_count,
    round(scored_ratio, 9) as scored_ratio,
    positive_count,
    negative_count,
    previous_scored_count,
    suppression_code,
    case when suppression_code is null then round(net_sentiment - previous_net_sentiment, 9) end
        as sentiment_shift,
    case
        when suppression_code is null
            then round(
                (net_sentiment - previous_net_sentiment)
                / nullif(sqrt(variance + previous_variance), 0),
                4
            )
    end as z_score,
    case
        when suppression_code is null
            then round(
                (net_sentiment - previous_net_sentiment)
                / nullif(sqrt(author_variance + previous_author_variance), 0),
                4
            )
    end as author_z_score
from paired
