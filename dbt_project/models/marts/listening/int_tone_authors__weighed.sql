{{ config(schema='intermediate', contract={'enforced': false}) }}
-- How far each author moves the week's tone: linearised shares of the stratified
-- estimate, summed over all that an author wrote, so that someone who wrote fifty texts
-- counts as one opinion in the error. net_influence and mean_influence are those of the
-- labels alone, score_influence is what each unit of the scorer's weight adds to them.
with

texts as (

    select * from {{ ref('int_tone_texts__matched') }}

),

strata as (

    select * from {{ ref('int_tone_strata__averaged') }}

),

-- Same grain: a text is in one stratum. A text that is labelled says something twice:
-- as one of the week's, and for those that it was drawn for.
shared as (

    select
        texts.week_start,
        texts.segment_kind_code,
        texts.segment_code,
        texts.author_person_key,
        texts.interaction_key,
        texts.net_label,
        strata.week_text_count,
        coalesce(strata.text_count * texts.sampling_weight / strata.weight_sum, 0) as label_weight,
        strata.net_mean - strata.week_net_mean as net_distance,
        strata.label_mean - strata.week_label_mean as mean_distance,
        coalesce(texts.net_label - strata.net_mean, 0) as net_residual,
        coalesce(texts.mean_label - strata.label_mean, 0) as mean_residual,
        texts.compound_points / 10000.0 - strata.labelled_score_mean as score_residual,
        strata.week_score_gap
    from texts
    inner join strata
        on
            texts.week_start = strata.week_start
            and texts.segment_kind_code = strata.segment_kind_code
            and texts.segment_code = strata.segment_code
            and texts.stratum_code = strata.stratum_code

),

weighed as (

    select
        week_start,
        segment_kind_code,
        segment_code,
        author_person_key,
        count(net_label) as labelled_count,
        {%- for name, share in [
            ('net', 'net_distance + label_weight * net_residual'),
            ('mean', 'mean_distance + label_weight * mean_residual'),
            ('score', 'score_residual - week_score_gap - label_weight * score_residual'),
        ] %}
        round(sum(({{ share }}) / week_text_count order by interaction_key), 12) as {{ name }}_influence
        {{- ',' if not loop.last }}
        {%- endfor %}
    from shared
    group by
        week_start,
        segment_kind_code,
        segment_code,
        author_person_key

)

select * from weighed
