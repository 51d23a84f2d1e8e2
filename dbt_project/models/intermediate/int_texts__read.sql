{{ config(
    materialized='incremental',
    unique_key='full_text_key',
    incremental_strategy='delete+insert',
    on_schema_change='sync_all_columns',
    post_hook="delete from {{ this }} where full_text_key not in (select full_text_key from {{ ref('int_texts__gathered') }})"
) }}
-- depends_on: {{ ref('tonality_rules') }}
{%- set rules = rules_of(
    'tonality_rules', ['rule_id', 'rule_version', 'class_code', 'pattern', 'except_pattern']
) %}
{%- set classes = [
    'question', 'request', 'complaint', 'praise', 'recommendation', 'suggestion',
    'expectation', 'information', 'thanks', 'deflection',
] %}
{%- set telling = rules | selectattr(2, 'equalto', 'information') | map(attribute=0) | list %}
{%- set speaking = rules | rejectattr(2, 'equalto', 'information') | map(attribute=0) | list %}
-- What a text says, read once for as long as somebody's act bears it: the rules of tone
-- that fit and the phrases that stand in it. No word of the text is kept, and nothing of
-- one that no act bears any more. A text is read again when a rule or phrase changed,
-- which the digest of all of them tells.
with

phrases as (

    select * from {{ ref('int_phrases__listed') }}

),

readings as (

    select
        {{ hash_of(
            "'" ~ reading_digest(rules) ~ "' || coalesce("
            ~ joined_text('phrase_key', ',', 'phrase_key') ~ ", '')"
        ) }} as reading_hash
    from phrases

),

texts as (

    select
        gathered.full_text_key,
        gathered.full_text,
        readings.reading_hash
    from {{ ref('int_texts__gathered') }} as gathered
    cross join readings
    {%- if is_incremental() %}
    left join {{ this }} as known
        on
            gathered.full_text_key = known.full_text_key
            and readings.reading_hash = known.reading_hash
    where known.full_text_key is null
    {%- endif %}

),

worded as materialized (

    select
        full_text_key,
        {{ words_of('full_text') }} as words_text
    from texts

),

words as (

    {{ split_to_rows('worded', ['full_text_key', 'words_text'], 'trim(words_text)', ' ', 'word') }}

),

-- A phrase is looked for only where its first word stands.
found as (

    select
        words.full_text_key,
        phrases.phrase_key
    from words
    inner join phrases
        on words.word = phrases.first_word
    where contains(words.words_text, phrases.phrase)
    group by
        words.full_text_key,
        phrases.phrase_key

),

named as (

    select
        full_text_key,
        {{ joined_text('phrase_key', ',', 'phrase_key') }} as phrase_keys
    from found
    group by full_text_key

),

-- Each pattern runs once over each text; without "materialized", it ran again for each
-- reference.
fitted as materialized (

    select
        full_text_key,
        full_text,
        reading_hash
        {%- for rule in rules | rejectattr(2, 'equalto', 'information') %},
        {{ fits_rule('full_text', rule[3], rule[4]) }} as {{ rule[0] }}
        {%- endfor %}
    from texts

),

-- What a text says beside a piece of news makes it more than information: only texts in
-- which no other rule fits are searched for news.
told as materialized (

    select
        *
        {%- for rule in rules | selectattr(2, 'equalto', 'information') %},
        case
            when not {{ any_of(speaking) }}
                then {{ fits_rule('full_text', rule[3], rule[4]) }}
            else false
        end as {{ rule[0] }}
        {%- endfor %}
    from fitted

),

fired as (

    select
        full_text_key,
        reading_hash,
        {{ names_of_true(speaking + telling) }} as rule_ids
        {%- for class in classes %},
        {{ any_of(rules | selectattr(2, 'equalto', class) | map(attribute=0) | list) }} as is_{{ class }}
        {%- endfor %}
    from told

),

-- Same grain: a text is worded once and has its phrases once.
read as (

    select
        fired.full_text_key,
        fired.reading_hash,
        {{ hash_of('worded.words_text') }} as words_key,
        {{ hash_of("nullif(trim(worded.words_text), '')") }} as said_key,
        fired.rule_ids,
        named.phrase_keys
        {%- for class in classes %},
        fired.is_{{ class }}
        {%- endfor %}
    from fired
    inner join worded
        on fired.full_text_key = worded.full_text_key
    left join named
        on fired.full_text_key = named.full_text_key

)

select * from read
