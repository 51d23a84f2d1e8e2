-- depends_on: {{ ref('aspect_rules') }}
{%- set rules = rules_of(
    'aspect_rules', ['rule_id', 'rule_version', 'aspect_code', 'pattern', 'except_pattern']
) %}
{%- set aspects = ['trust', 'competence', 'openness', 'fairness', 'service', 'value'] %}
-- Which sentences of which texts speak of which aspect, by the first rule that fits. A
-- text is cut where its scores say, and read once however often it was written.
with

sentences as (

    select
        text_key,
        sentence_number,
        first_character,
        character_count,
        compound_score
    from {{ ref('stg_listening__sentence_scores') }}

),

-- What is hashed and scored is the body, else the title.
texts as (

    select
        text_key,
        min(coalesce(nullif(body_text, ''), title_text)) as scored_text
    from {{ ref('int_interactions__unioned') }}
    where text_key is not null
    group by text_key

),

cut as (

    select
        sentences.text_key,
        sentences.sentence_number,
        sentences.compound_score,
        substr(texts.scored_text, sentences.first_character, sentences.character_count)
            as sentence_text
    from sentences
    inner join texts
        on sentences.text_key = texts.text_key

),

fitted as (

    select
        text_key,
        sentence_number,
        compound_score
        {%- for rule in rules %},
        {{ fits_rule('sentence_text', rule[3], rule[4]) }} as {{ rule[0] }}
        {%- endfor %}
    from cut

),

matched as (

    {% for aspect in aspects %}
    {%- set members = rules | selectattr(2, 'equalto', aspect) | list %}
    {%- if not loop.first %}

    union all

    {% endif -%}
    select
        text_key,
        sentence_number,
        compound_score,
        '{{ aspect }}' as aspect_code,
        {% if members -%}
        case
            {%- for rule in members %}
            when {{ rule[0] }} then '{{ rule[0] }}'
            {%- endfor %}
        end as rule_id,
        case
            {%- for rule in members %}
            when {{ rule[0] }} then cast({{ rule[1] }} as bigint)
            {%- endfor %}
        end as rule_version
    from fitted
    where {{ members | map(attribute=0) | join(' or ') }}
        {%- else -%}
        cast(null as varchar) as rule_id,
        cast(null as bigint) as rule_version
    from fitted
    where false
        {%- endif %}
    {%- endfor %}

)

select * from matched
