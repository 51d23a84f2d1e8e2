-- The tone of each week as the scorer states it, and as labels of the week correct it.
-- Nothing is stated where too few of the texts could be read: those who write in another
-- language may feel otherwise.
with

counted as (

    select * from {{ ref('int_tone_weeks__counted') }}

),

estimates as (

    select * from {{ ref('int_tone_weeks__estimated') }}

),

changes as (

    select * from {{ ref('int_tone_changes__estimated') }}

),

thresholds as (

    select
        scored_ratio_minimum,
        tone_text_minimum_count,
        tone_author_minimum_count,
        tone_label_minimum_count,
        tone_label_author_minimum_count,
        tone_calibration_maximum_weeks
    from {{ ref('int_thresholds__pivoted') }}

),

-- Same grain: an estimate is one row per week and segment.
judged as (

    select
        counted.*,
        estimates.labelled_count,
        estimates.labelled_author_count,
        estimates.degrees_of_freedom,
        estimates.net_sentiment,
        estimates.mean_tone,
        estimates.net_margin,
        estimates.mean_margin,
        estimates.net_weight,
        estimates.mean_weight,
        thresholds.tone_calibration_maximum_weeks,
        {{ safe_ratio('counted.scored_count', 'counted.text_count') }} as scored_ratio,
        counted.text_count >= thresholds.tone_text_minimum_count
        and {{ safe_ratio('counted.scored_count', 'counted.text_count') }} < thresholds.scored_ratio_minimum
            as is_few_read,
        counted.scored_count >= thresholds.tone_text_minimum_count
        and counted.author_count >= thresholds.tone_author_minimum_count as is_enough,
        coalesce(
            estimates.labelled_count >= thresholds.tone_label_minimum_count
            and estimates.labelled_author_count >= thresholds.tone_label_author_minimum_count
            and estimates.degrees_of_freedom >= 1,
            false
        ) as is_labelled
    from counted
    cross join thresholds
    left join estimates
        on
            counted.week_start = estimates.week_start
            and counted.segment_kind_code = estimates.segment_kind_code
            and counted.segment_code = estimates.segment_code

),

-- The latest week before that had labels enough, unless it is too long ago.
calibrations as (

    select
        judged.week_start,
        judged.segment_kind_code,
        judged.segment_code,
        max(earlier.week_start) as last_calibrated_week
    from judged
    inner join judged as earlier
        on
            judged.segment_kind_code = earlier.segment_kind_code
            and judged.segment_code = earlier.segment_code
            and earlier.week_start < judged.week_start
            and earlier.week_start >= {{ days_earlier('judged.week_start', '7 * judged.tone_calibration_maximum_weeks') }}
    where
        earlier.is_enough
        and earlier.is_labelled
        and not earlier.is_few_read
    group by
        judged.week_start,
        judged.segment_kind_code,
        judged.segment_code

),

stated as (

    select
        judged.*,
        case when judged.is_enough and judged.is_labelled and not judged.is_few_read then judged.week_start
            else calibrations.last_calibrated_week
        end as last_calibrated_week,
        case
            when judged.is_few_read then 'few_read'
            when not judged.is_enough then 'too_few'
            when judged.is_labelled then 'calibrated'
            when calibrations.last_calibrated_week is not null then 'stale'
            else 'uncalibrated'
        end as calibration_status_code
    from judged
    left join calibrations
        on
            judged.week_start = calibrations.week_start
            and judged.segment_kind_code = calibrations.segment_kind_code
            and judged.segment_code = calibrations.segment_code

),

-- Same grain: a week has one week before it and one change since then.
compared as (

    select
        stated.*,
        stated.calibration_status_code = 'calibrated' as is_calibrated,
        stated.calibration_status_code = 'calibrated'
        and coalesce(previous.calibration_status_code = 'calibrated', false) as is_comparable,
        changes.net_change,
        changes.net_margin as net_change_margin,
        changes.mean_change,
        changes.mean_margin as mean_change_margin
    from stated
    left join stated as previous
        on
            {{ days_earlier('stated.week_start', 7) }} = previous.week_start
            and stated.segment_kind_code = previous.segment_kind_code
            and stated.segment_code = previous.segment_code
    left join changes
        on
            stated.week_start = changes.week_start
            and stated.segment_kind_code = changes.segment_kind_code
            and stated.segment_code = changes.segment_code

),

shown as (

    select
        week_start,
        segment_kind_code,
        segment_code,
        text_count,
        scored_count,
        round(scored_ratio, 9) as scored_ratio,
        author_count,
        positive_count,
        negative_count,
        case when not is_few_read then {{ safe_ratio('positive_count - negative_count', 'scored_count') }} end
            as naive_net_sentiment,
        case when not is_few_read then {{ safe_ratio('compound_points', 'scored_count') }} / 10000 end
            as naive_mean_tone,
        cast(coalesce(labelled_count, 0) as bigint) as labelled_count,
        cast(coalesce(labelled_author_count, 0) as bigint) as labelled_author_count,
        calibration_status_code,
        last_calibrated_week,
        is_comparable,
        {%- for name, value in [('net_sentiment', 'net'), ('mean_tone', 'mean')] %}
        case when is_calibrated then round(greatest(least({{ name }}, 1), -1), 9) end
            as calibrated_{{ name }},
        case when is_calibrated then round(greatest({{ name }} - {{ value }}_margin, -1), 9) end
            as {{ name }}_lower_bound,
        case when is_calibrated then round(least({{ name }} + {{ value }}_margin, 1), 9) end
            as {{ name }}_upper_bound,
        case when is_calibrated then round({{ value }}_weight, 9) end as {{ name }}_scorer_weight,
        case when is_comparable and abs({{ value }}_change) > {{ value }}_change_margin
            then round({{ value }}_change, 9)
        end as {{ name }}_change,
        case when is_comparable then round({{ value }}_change - {{ value }}_change_margin, 9) end
            as {{ name }}_change_lower_bound,
        case when is_comparable then round({{ value }}_change + {{ value }}_change_margin, 9) end
            as {{ name }}_change_upper_bound,
        coalesce(is_comparable and abs({{ value }}_change) > {{ value }}_change_margin, false)
            as is_{{ name }}_change_shown,
        {%- endfor %}
        case when is_calibrated then cast(degrees_of_freedom as bigint) end as degrees_of_freedom_count
    from compared

)

select * from shown
