-- The burst score of a day: robust deviates above the usual, and not less than the root of
-- the usual, by which counts differ by chance alone: the median deviation of four weeks is
-- too small now and then, and calm days would burst. Where more than half of the
-- baseline lies on one value the median deviation is zero; then the Poisson tail of the
-- day's count is stated as the normal deviate of the same probability.
with

topic_days as (

    select * from {{ ref('int_topic_days__compared') }}

),

thresholds as (

    select
        burst_warm_up_days,
        burst_author_minimum_count,
        burst_mention_minimum_count,
        burst_minimum_score
    from {{ ref('int_thresholds__pivoted') }}

),

-- Terms of the upper tail, for days that could be a burst at all; two hundred terms
-- beyond the count leave nothing out that matters.
tail_terms as (

    select
        topic_days.day,
        topic_days.theme_code,
        exp(
            (topic_days.capped_mention_count + steps.number) * ln(topic_days.usual_rate)
            - topic_days.usual_rate
            - {{ log_factorial('(topic_days.capped_mention_count + steps.number)') }}
        ) as term,
        steps.number as step
    from topic_days
    cross join thresholds
    cross join ({{ whole_numbers(0, 200) }}) as steps
    where
        topic_days.deviation_count = 0
        and topic_days.capped_mention_count > topic_days.usual_rate
        and topic_days.capped_mention_count >= thresholds.burst_mention_minimum_count

),

tails as (

    select
        day,
        theme_code,
        least(sum(term order by step), 0.5) as tail_probability
    from tail_terms
    group by
        day,
        theme_code

),

scored as (

    select
        topic_days.day,
        topic_days.theme_code,
        topic_days.mention_count,
        topic_days.author_count,
        topic_days.capped_mention_count,
        topic_days.usual_daily_mentions,
        case
            when topic_days.baseline_day_count < thresholds.burst_warm_up_days then null
            when topic_days.deviation_count > 0
                then round(
                    (topic_days.capped_mention_count - topic_days.usual_daily_mentions)
                    / greatest(1.4826 * topic_days.deviation_count, sqrt(topic_days.usual_rate)),
                    4
                )
            when tails.tail_probability is not null
                then round({{ upper_tail_deviate('tails.tail_probability') }}, 4)
            -- Too few mentions for a burst: at or near the usual.
            else 0
        end as burst_score
    from topic_days
    cross join thresholds
    left join tails
        on
            topic_days.day = tails.day
            and topic_days.theme_code = tails.theme_code

),

judged as (

    select
        scored.*,
        coalesce(
            scored.burst_score >= thresholds.burst_minimum_score
            and scored.author_count >= thresholds.burst_author_minimum_count
            and scored.capped_mention_count >= thresholds.burst_mention_minimum_count,
            false
        ) as is_burst
    from scored
    cross join thresholds

)

select * from judged
