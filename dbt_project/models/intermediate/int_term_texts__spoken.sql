-- English texts of stakeholders in the weeks that terms are read from, each once. Who
-- says the same words twice in a week has said them once; a longer text that several
-- people post word for word is passed on, not said, and counts for the first of them.
with

interactions as (

    select
        interaction_key,
        person_key,
        full_text,
        occurred_at,
        occurred_date,
        occurred_week
    from {{ ref('int_interactions__classified') }}
    where
        actor_class_code = 'stakeholder'
        and language_bucket_code = 'english'
        and full_text is not null
        and not {{ is_x_repost('full_text') }}

),

thresholds as (

    select
        (term_history_weeks + term_baseline_weeks) * 7 as read_days,
        copied_text_word_count
    from {{ ref('int_thresholds__pivoted') }}

),

spoken as (

    select
        interactions.interaction_key,
        interactions.person_key,
        interactions.occurred_at,
        interactions.occurred_date,
        interactions.occurred_week,
        {{ spoken_words('interactions.full_text') }} as spoken_text
    from interactions
    cross join thresholds
    where interactions.occurred_week > {{ days_earlier(built_week(), 'thresholds.read_days') }}

),

hashed as (

    select
        spoken.*,
        {{ hash_of('lower(spoken.spoken_text)') }} as words_hash,
        case
            when {{ word_count('spoken.spoken_text') }} < thresholds.copied_text_word_count
                then spoken.person_key
        end as speaker_key
    from spoken
    cross join thresholds
    where spoken.spoken_text <> ''

),

said_once as (

    select
        interaction_key,
        person_key,
        occurred_at,
        occurred_date,
        occurred_week,
        spoken_text
    from hashed
    qualify
        row_number() over (
            partition by occurred_week, words_hash, speaker_key
            order by occurred_at, interaction_key
        ) = 1

)

select * from said_once
