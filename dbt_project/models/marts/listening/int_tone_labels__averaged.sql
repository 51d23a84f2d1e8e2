{{ config(schema='intermediate', contract={'enforced': false}) }}
-- What people read in a text: the mean over all who labelled it. A label stands for as
-- many texts as its predicted class had when the sample was drawn, per label.
with

labels as (

    select
        text_week,
        interaction_key,
        stratum_code,
        stratum_population_count,
        tone_label
    from {{ ref('stg_programme__tone_labels') }}

),

averaged as (

    select
        text_week,
        interaction_key,
        max(stratum_code) as stratum_code,
        max(stratum_population_count) as stratum_population_count,
        count(*) as labeller_count,
        {{ safe_ratio('sum(sign(tone_label))', 'count(*)') }} as net_label,
        {{ safe_ratio('sum(tone_label)', '2 * count(*)') }} as mean_label
    from labels
    group by
        text_week,
        interaction_key

),

weighted as (

    select
        averaged.*,
        {{ safe_ratio(
            'max(stratum_population_count) over (partition by text_week, stratum_code)',
            'count(*) over (partition by text_week, stratum_code)',
        ) }} as sampling_weight
    from averaged

)

select * from weighted
