{{ config(materialized='view') }}
-- What readers see of the classified acts, which lie in order of weeks and are written
-- once: a copy of a million acts costs as much as classifying half of them.
with

interactions as (

    select * from {{ ref('int_interactions__classified') }}

),

selected as (

    select
        interaction_key,
        platform_code,
        person_key,
        actor_class_code,
        verb_code,
        thread_key,
        parent_interaction_key,
        parent_person_key,
        occurred_at,
        occurred_date,
        occurred_week,
        text_key,
        language_bucket_code,
        compound_score,
        sentiment_code,
        is_question,
        is_request,
        is_complaint,
        is_praise,
        is_recommendation,
        is_suggestion,
        is_expectation,
        is_information,
        is_thanks,
        needs_reply,
        is_addressed_to_org,
        names_person,
        mentions_org,
        like_count,
        theme_code,
        is_repeat
    from interactions

)

select * from selected
