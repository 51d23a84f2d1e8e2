{{ config(schema='intermediate', contract={'enforced': false}) }}
-- Every scored text of a stakeholder with its label, if people gave it one, in each
-- segment that it counts in, for the weeks of which people labelled any. A label whose
-- text is gone is left behind. Texts are
-- weighted within their predicted class; a class with too few labels is joined with the
-- other such classes, and with all of them where that is not enough.
with

labels as (

    select
        text_week,
        interaction_key,
        net_label,
        mean_label,
        sampling_weight
    from {{ ref('int_tone_labels__averaged') }}

),

labelled_weeks as (

    select text_week
    from labels
    group by text_week

),

texts as (

    select
        interactions.interaction_key,
        interactions.platform_code,
        coalesce(interactions.person_key, interactions.interaction_key) as author_person_key,
        interactions.occurred_week as week_start,
        interactions.sentiment_code,
        interactions.compound_score
    from {{ ref('fct_interactions') }} as interactions
    inner join labelled_weeks
        on interactions.occurred_week = labelled_weeks.text_week
    where
        interactions.actor_class_code = 'stakeholder'
        and interactions.compound_score is not null

),

thresholds as (

    select tone_stratum_label_minimum_count
    from {{ ref('int_thresholds__pivoted') }}

),

-- Same grain: a text has one averaged label.
labelled as (

    select
        texts.*,
        labels.net_label,
        labels.mean_label,
        labels.sampling_weight
    from texts
    left join labels
        on
            texts.interaction_key = labels.interaction_key
            and texts.week_start = labels.text_week

),

segments as (

    select
        labelled.*,
        'all' as segment_kind_code,
        'all' as segment_code
    from labelled

    union all

    select
        labelled.*,
        'platform' as segment_kind_code,
        platform_code as segment_code
    from labelled

),

-- One row per week, segment and predicted class.
classes as (

    select
        segments.week_start,
        segments.segment_kind_code,
        segments.segment_code,
        segments.sentiment_code,
        count(segments.net_label) as labelled_count,
        count(segments.net_label)
        >= least(count(*), max(thresholds.tone_stratum_label_minimum_count)) as is_sufficient
    from segments
    cross join thresholds
    group by
        segments.week_start,
        segments.segment_kind_code,
        segments.segment_code,
        segments.sentiment_code

),

judged as (

    select
        classes.*,
        sum(case when is_sufficient then 0 else labelled_count end) over (
            partition by week_start, segment_kind_code, segment_code
        ) as joined_count,
        bool_and(is_sufficient) over (
            partition by week_start, segment_kind_code, segment_code
        ) as is_each_sufficient
    from classes

),

strata as (

    select
        judged.week_start,
        judged.segment_kind_code,
        judged.segment_code,
        judged.sentiment_code,
        case
            when
                not judged.is_each_sufficient
                and judged.joined_count < thresholds.tone_stratum_label_minimum_count
                then 'all'
            when judged.is_sufficient then judged.sentiment_code
            else 'joined'
        end as stratum_code
    from judged
    cross join thresholds

),

-- Same grain: a class of a segment is in one stratum.
matched as (

    select
        segments.week_start,
        segments.segment_kind_code,
        segments.segment_code,
        segments.interaction_key,
        segments.author_person_key,
        segments.sentiment_code,
        strata.stratum_code,
        cast(round(segments.compound_score * 10000) as bigint) as compound_points,
        segments.net_label,
        segments.mean_label,
        segments.sampling_weight
    from segments
    inner join strata
        on
            segments.week_start = strata.week_start
            and segments.segment_kind_code = strata.segment_kind_code
            and segments.segment_code = strata.segment_code
            and segments.sentiment_code = strata.sentiment_code

)

select * from matched
