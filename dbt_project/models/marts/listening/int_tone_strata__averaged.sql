{{ config(schema='intermediate', contract={'enforced': false}) }}
-- Means of a stratum: what the scorer says of all its texts, what it says of those that
-- were labelled, and what people say of them; and the same over the whole week.
with

texts as (

    select * from {{ ref('int_tone_texts__matched') }}

),

-- One row per week, segment and stratum. Only labelled texts have a weight.
averaged as (

    select
        week_start,
        segment_kind_code,
        segment_code,
        stratum_code,
        count(*) as text_count,
        count(net_label) as labelled_count,
        sum(sampling_weight order by interaction_key) filter (where net_label is not null) as weight_sum,
        {{ safe_ratio('sum(compound_points)', 'count(*)') }} / 10000 as score_mean,
        {{ safe_ratio(
            'sum(sampling_weight * compound_points order by interaction_key) filter (where net_label is not null)',
            'sum(sampling_weight order by interaction_key) filter (where net_label is not null)',
        ) }} / 10000 as labelled_score_mean,
        {{ safe_ratio(
            'sum(sampling_weight * net_label order by interaction_key) filter (where net_label is not null)',
            'sum(sampling_weight order by interaction_key) filter (where net_label is not null)',
        ) }} as net_mean,
        {{ safe_ratio(
            'sum(sampling_weight * mean_label order by interaction_key) filter (where net_label is not null)',
            'sum(sampling_weight order by interaction_key) filter (where net_label is not null)',
        ) }} as label_mean
    from texts
    group by
        week_start,
        segment_kind_code,
        segment_code,
        stratum_code

),

totals as (

    select
        week_start,
        segment_kind_code,
        segment_code,
        sum(text_count) as week_text_count,
        sum(labelled_count) as week_labelled_count,
        count(*) as stratum_count,
        sum(text_count * net_mean order by stratum_code) as net_total,
        sum(text_count * label_mean order by stratum_code) as label_total,
        sum(text_count * (score_mean - labelled_score_mean) order by stratum_code)
            as score_gap_total
    from averaged
    group by
        week_start,
        segment_kind_code,
        segment_code

),

-- Same grain: a week of a segment is one row of totals.
joined as (

    select
        averaged.*,
        totals.week_text_count,
        totals.stratum_count,
        {{ safe_ratio('totals.net_total', 'totals.week_text_count') }} as week_net_mean,
        {{ safe_ratio('totals.label_total', 'totals.week_text_count') }} as week_label_mean,
        {{ safe_ratio('totals.score_gap_total', 'totals.week_text_count') }} as week_score_gap
    from averaged
    inner join totals
        on
            averaged.week_start = totals.week_start
            and averaged.segment_kind_code = totals.segment_kind_code
            and averaged.segment_code = totals.segment_code
    where totals.week_labelled_count > 0

)

select * from joined
