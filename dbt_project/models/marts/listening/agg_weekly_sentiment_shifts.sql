-- Did the tone of a theme change since the week before, as the scorer reads it? The
-- variance of three classes, p+ + p- - (p+ - p-)^2 over n, takes texts for independent;
-- author_z_score adds up each author's deviations first, so fifty texts of one person
-- count as one opinion. Neither knows the scorer's own errors.
with

spoken as (

    select * from {{ ref('int_sentiment_weeks__counted') }}

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
        definitions.theme_version,
        coalesce(spoken.text_count, 0) as text_count,
        coalesce(spoken.scored_count, 0) as scored_count,
        coalesce(spoken.positive_count, 0) as positive_count,
        coalesce(spoken.negative_count, 0) as negative_count,
        coalesce(spoken.author_count, 0) as author_count,
        cast(spoken.positive_count - spoken.negative_count as double) as tone_sum,
        spoken.tone_square_sum,
        spoken.tone_product_sum,
        spoken.scored_square_sum,
        spoken.first_version,
        spoken.last_version
    from definitions
    left join spoken
        on
            definitions.week_start = spoken.week_start
            and definitions.theme_code = spoken.theme_code

),

rated as (

    select
        *,
        {{ safe_ratio('scored_count', 'text_count') }} as scored_ratio,
        {{ safe_ratio('positive_count - negative_count', 'scored_count') }} as net_sentiment,
        {{ safe_ratio('positive_count + negative_count', 'scored_count') }} as toned_ratio
    from counted

),

-- The deviation of an author is their tone minus what the mean would have it be; the sum
-- of its squares, multiplied out, is never below nought.
varied as (

    select
        rated.*,
        (toned_ratio - power(net_sentiment, 2)) / scored_count as variance,
        case
            when scored_count > 0
                then greatest(
                    power(scored_count, 2) * tone_square_sum
                    - 2 * scored_count * tone_sum * tone_product_sum
                    + power(tone_sum, 2) * scored_square_sum,
                    0
                ) / power(scored_count, 4)
        end as author_variance
    from rated

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
