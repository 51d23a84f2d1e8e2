-- What stakeholders say about us, sentence by sentence. The tone is that of the sentence:
-- praise and blame in one text do not cancel out.
with

aspects as (

    select
        text_key,
        sentence_number,
        aspect_code,
        rule_id,
        rule_version,
        compound_score
    from {{ ref('int_sentence_aspects__matched') }}

),

interactions as (

    select
        interaction_key,
        platform_code,
        person_key,
        text_key,
        occurred_at,
        occurred_date,
        occurred_week,
        theme_code
    from {{ ref('fct_interactions') }}
    where actor_class_code = 'stakeholder'

),

thresholds as (

    select
        positive_compound_score,
        negative_compound_score
    from {{ ref('int_thresholds__pivoted') }}

),

-- One row per interaction, sentence and aspect.
mentions as (

    select
        interactions.interaction_key,
        aspects.sentence_number,
        aspects.aspect_code,
        aspects.rule_id,
        aspects.rule_version,
        aspects.compound_score,
        case
            when aspects.compound_score >= thresholds.positive_compound_score then 'positive'
            when aspects.compound_score <= thresholds.negative_compound_score then 'negative'
            else 'neutral'
        end as sentiment_code,
        interactions.platform_code,
        interactions.person_key,
        interactions.theme_code,
        interactions.occurred_at,
        interactions.occurred_date,
        interactions.occurred_week
    from interactions
    inner join aspects
        on interactions.text_key = aspects.text_key
    cross join thresholds

)

select * from mentions
