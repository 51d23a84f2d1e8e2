-- depends_on: {{ ref('aspect_rules') }}
{%- set rules = rules_of('aspect_rules', ['rule_id', 'rule_version']) %}
{%- set aspects = ['trust', 'competence', 'openness', 'fairness', 'service', 'value'] %}
-- Which sentences of which texts speak of which aspect, by the first rule that fits. A
-- text is cut where its scores say, and read once however often it was written.
with

scores as (

    select
        text_key,
        sentence_number,
        compound_score
    from {{ ref('stg_listening__sentence_scores') }}

),

sentences as (

    select * from {{ ref('int_sentences__read') }}

),

fitted as (

    {% for aspect in aspects %}
    {%- if not loop.first %}

    union all

    {% endif -%}
    select
        text_key,
        sentence_number,
        '{{ aspect }}' as aspect_code,
        {{ aspect }}_rule_id as rule_id
    from sentences
    where {{ aspect }}_rule_id is not null
    {%- endfor %}

)

select
    fitted.text_key,
    fitted.sentence_number,
    scores.compound_score,
    fitted.aspect_code,
    fitted.rule_id,
    case fitted.rule_id
        {%- for rule in rules %}
        when '{{ rule[0] }}' then cast({{ rule[1] }} as bigint)
        {%- else %}
        when '' then cast(0 as bigint)
        {%- endfor %}
    end as rule_version
from fitted
inner join scores
    on
        fitted.text_key = scores.text_key
        and fitted.sentence_number = scores.sentence_number
