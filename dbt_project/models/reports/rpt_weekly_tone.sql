-- What is printed of the week's tone: the calibrated value with its interval, or the
-- scorer's own value and why nothing better can be said. Changes are printed only where
-- they are more than chance.
with

tone as (

    select *
    from {{ ref('agg_weekly_tone') }}
    where week_start = {{ built_week() }}

),

printed as (

    select
        week_start,
        segment_kind_code,
        segment_code,
        calibration_status_code,
        last_calibrated_week,
        text_count,
        scored_count,
        scored_ratio,
        author_count,
        labelled_count,
        labelled_author_count,
        naive_net_sentiment,
        naive_mean_tone,
        calibrated_net_sentiment,
        net_sentiment_lower_bound,
        net_sentiment_upper_bound,
        net_sentiment_change,
        is_comparable as is_net_sentiment_comparable,
        calibrated_mean_tone,
        mean_tone_lower_bound,
        mean_tone_upper_bound,
        mean_tone_change
    from tone

)

select * from printed
