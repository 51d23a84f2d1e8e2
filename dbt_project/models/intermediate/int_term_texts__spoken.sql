-- English texts of stakeholders in the weeks that terms are read from, each once. Who
-- says the same words twice in a week has said them once; a longer text that several
-- people post word for word is passed on, not said, and counts for the first of them.
with

thresholds as (

    select
        (term_history_weeks + term_baseline_weeks) * 7 as read_days,
        copied_text_word_count
    from {{ ref('int_thresholds__pivoted') }}

),

interactions as (

    select
        interactions.interaction_key,
        interactions.person_key,
        interactions.full_text_key,
        interactions.occurred_at,
        interactions.occurred_date,
        interactions.occurred_week
    from {{ ref('int_interactions__classified') }} as interactions
    cross join thresholds
    where
        interactions.actor_class_code = 'stakeholder'
        and interactions.language_bucket_code = 'english'
        and interactions.full_text_key is not null
        and interactions.occurred_week > {{ days_earlier(built_week(), 'thresholds.read_days') }}

),

posted as (

    select full_text_key
    from interactions
    group by full_text_key

),

-- One row per text, however often it was posted: patterns are slow.
texts as (

    select
        gathered.full_text_key,
        gathered.full_text
    from {{ ref('int_texts__gathered') }} as gathered
    inner join posted
        on gathered.full_text_key = posted.full_text_key
    where not {{ is_x_repost('gathered.full_text') }}

),

-- Without "materialized", the patterns ran over every text that anybody ever posted, and
-- again for what is left.
worded as materialized (

    select
        full_text_key,
        {{ spoken_words('full_text') }} as spoken_text
    from texts

),

hashed as (

    select
        worded.full_text_key,
        worded.spoken_text,
        {{ hash_of('lower(worded.spoken_text)') }} as words_hash,
        {{ word_count('worded.spoken_text') }} < thresholds.copied_text_word_count as is_short
    from worded
    cross join thresholds
    where worded.spoken_text <> ''

),

spoken as (

    select
        interactions.interaction_key,
        interactions.person_key,
        interactions.occurred_at,
        interactions.occurred_date,
        interactions.occurred_week,
        hashed.spoken_text,
        hashed.words_hash,
        case when hashed.is_short then interactions.person_key end as speaker_key
    from interactions
    inner join hashed
        on interactions.full_text_key = hashed.full_text_key

),

said_once as (

    select
        interaction_key,
        person_key,
        occurred_at,
        occurred_date,
        occurred_week,
        spoken_text
    from spoken
    qualify
        row_number() over (
            partition by occurred_week, words_hash, speaker_key
            order by occurred_at, interaction_key
        ) = 1

)

select * from said_once
