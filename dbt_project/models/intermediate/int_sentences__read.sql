{{ config(
    materialized='incremental',
    unique_key=['text_key', 'sentence_number'],
    incremental_strategy='delete+insert',
    on_schema_change='sync_all_columns',
    post_hook=[
        "delete from {{ this }} where text_key not in (select coalesce(titled_text_key, full_text_key) from {{ ref('int_interactions__unioned') }} where coalesce(titled_text_key, full_text_key) is not null)",
        "delete from {{ this }} as known where not exists (select 1 from {{ ref('stg_listening__sentence_scores') }} as scored where scored.text_key = known.text_key and scored.sentence_number = known.sentence_number)",
    ]
) }}
-- depends_on: {{ ref('aspect_rules') }}
{%- set rules = rules_of(
    'aspect_rules', ['rule_id', 'rule_version', 'aspect_code', 'pattern', 'except_pattern']
) %}
{%- set aspects = ['trust', 'competence', 'openness', 'fairness', 'service', 'value'] %}
-- Of which aspect a sentence speaks, by the first rule that fits; read once for as long as
-- somebody's act bears its text. No word of it is kept. A sentence is read again when a
-- rule changed, which the digest of all of them tells, or when its text is cut otherwise.
with

sentences as (

    select
        scored.text_key,
        scored.sentence_number,
        scored.first_character,
        scored.character_count
    from {{ ref('stg_listening__sentence_scores') }} as scored
    {%- if is_incremental() %}
    left join {{ this }} as known
        on
            scored.text_key = known.text_key
            and scored.sentence_number = known.sentence_number
            and scored.first_character = known.first_character
            and scored.character_count = known.character_count
            and known.reading_hash = '{{ reading_digest(rules) }}'
    where known.text_key is null
    {%- endif %}

),

asked as (

    select text_key
    from sentences
    group by text_key

),

-- What is hashed and scored is the body, else the title.
texts as (

    select
        asked.text_key,
        min(coalesce(nullif(interactions.body_text, ''), interactions.title_text)) as scored_text
    from {{ ref('int_interactions__unioned') }} as interactions
    inner join asked
        on coalesce(interactions.titled_text_key, interactions.full_text_key) = asked.text_key
    group by asked.text_key

),

cut as (

    select
        sentences.*,
        substr(texts.scored_text, sentences.first_character, sentences.character_count)
            as sentence_text
    from sentences
    inner join texts
        on sentences.text_key = texts.text_key

)

select
    text_key,
    sentence_number,
    first_character,
    character_count,
    '{{ reading_digest(rules) }}' as reading_hash
    {%- for aspect in aspects %},
    case
        {%- for rule in rules | selectattr(2, 'equalto', aspect) %}
        when {{ fits_rule('sentence_text', rule[3], rule[4]) }} then '{{ rule[0] }}'
        {%- else %}
        when false then ''
        {%- endfor %}
    end as {{ aspect }}_rule_id
    {%- endfor %}
from cut
