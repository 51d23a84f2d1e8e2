{{ config(schema='intermediate', contract={'enforced': false}) }}
-- The calibrated tone of a labelled week: the labels' stratified mean, moved by what the
-- scorer says of the texts that nobody labelled. The scorer's weight is the one that
-- makes the error smallest (power tuning), from 0 to 1: a scorer is never read the other
-- way round, nor for more than it says. None where its scores do not differ.
with

strata as (

    select
        week_start,
        segment_kind_code,
        segment_code,
        max(stratum_count) as stratum_count,
        max(week_net_mean) as net_mean,
        max(week_label_mean) as label_mean,
        max(week_score_gap) as score_gap
    from {{ ref('int_tone_strata__averaged') }}
    group by
        week_start,
        segment_kind_code,
        segment_code

),

authors as (

    select * from {{ ref('int_tone_authors__weighed') }}

),

extremes as (

    select
        week_start,
        segment_kind_code,
        segment_code,
        min(net_label) = max(net_label) as is_one_sign,
        min(mean_label) = max(mean_label) as is_one_label
    from {{ ref('int_tone_texts__matched') }}
    where net_label is not null
    group by
        week_start,
        segment_kind_code,
        segment_code

),

-- One row per week and segment.
summed as (

    select
        week_start,
        segment_kind_code,
        segment_code,
        sum(labelled_count) as labelled_count,
        count(case when labelled_count > 0 then 1 end) as labelled_author_count,
        sum(pow(net_influence, 2) order by author_person_key) as net_square,
        sum(pow(mean_influence, 2) order by author_person_key) as mean_square,
        sum(pow(score_influence, 2) order by author_person_key) as score_square,
        sum(net_influence * score_influence order by author_person_key) as net_product,
        sum(mean_influence * score_influence order by author_person_key) as mean_product
    from authors
    group by
        week_start,
        segment_kind_code,
        segment_code

),

-- Rounding alone leaves a square far below this.
tuned as (

    select
        summed.*,
        case when score_square > 1e-15 then greatest(least(-net_product / score_square, 1), 0) else 0 end
            as net_weight,
        case when score_square > 1e-15 then greatest(least(-mean_product / score_square, 1), 0) else 0 end
            as mean_weight
    from summed

),

-- Same grain: strata and extremes are one row per week and segment.
estimated as (

    select
        tuned.week_start,
        tuned.segment_kind_code,
        tuned.segment_code,
        tuned.labelled_count,
        tuned.labelled_author_count,
        tuned.net_weight,
        tuned.mean_weight,
        tuned.labelled_author_count - strata.stratum_count - 1 as degrees_of_freedom,
        {{ safe_ratio(
            'tuned.labelled_author_count',
            'tuned.labelled_author_count - strata.stratum_count',
        ) }} as variance_factor,
        strata.net_mean + tuned.net_weight * strata.score_gap as net_sentiment,
        strata.label_mean + tuned.mean_weight * strata.score_gap as mean_tone,
        greatest(net_square + 2 * net_weight * net_product + pow(net_weight, 2) * score_square, 0)
            as net_variance,
        greatest(mean_square + 2 * mean_weight * mean_product + pow(mean_weight, 2) * score_square, 0)
            as mean_variance,
        -- Labels that are all alike do not differ, which is no proof that no text does:
        -- the share of others that so many authors would miss once in forty times.
        case
            when extremes.is_one_sign
                then 2 * (1 - pow(0.025, 1.0 / tuned.labelled_author_count))
            else 0
        end as net_least_margin,
        case
            when extremes.is_one_label
                then 2 * (1 - pow(0.025, 1.0 / tuned.labelled_author_count))
            else 0
        end as mean_least_margin
    from tuned
    inner join strata
        on
            tuned.week_start = strata.week_start
            and tuned.segment_kind_code = strata.segment_kind_code
            and tuned.segment_code = strata.segment_code
    inner join extremes
        on
            tuned.week_start = extremes.week_start
            and tuned.segment_kind_code = extremes.segment_kind_code
            and tuned.segment_code = extremes.segment_code

),

-- No margin where nobody could tell the error.
bounded as (

    select
        estimated.*,
        {%- for value in ['net', 'mean'] %}
        case
            when degrees_of_freedom >= 1
                then round(
                    greatest(
                        {{ t_quantile('degrees_of_freedom') }} * sqrt({{ value }}_variance * variance_factor),
                        {{ value }}_least_margin
                    ),
                    9
                )
        end as {{ value }}_margin
        {{- ',' if not loop.last }}
        {%- endfor %}
    from estimated

)

select * from bounded
