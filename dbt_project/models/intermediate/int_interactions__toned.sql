-- depends_on: {{ ref('tonality_rules') }}
{%- set rules = rules_of('tonality_rules', ['rule_id', 'class_code', 'pattern']) %}
{%- set classes = [
    'question', 'request', 'complaint', 'praise', 'recommendation', 'suggestion',
    'thanks', 'deflection',
] %}
-- What each turn says, by the rules of the seed; one turn may say several things.
with

interactions as (

    select
        interaction_key,
        full_text
    from {{ ref('int_interactions__threaded') }}

),

matched as (

    select
        interaction_key
        {%- for rule in rules %},
        coalesce({{ matches_pattern('full_text', rule[2]) }}, false) as {{ rule[0] }}
        {%- endfor %}
    from interactions

),

toned as (

    select
        interaction_key
        {%- for class in classes %},
        {% set members = rules | selectattr(1, 'equalto', class) | map(attribute=0) | list -%}
        ({{ members | join(' or ') or 'false' }}) as is_{{ class }}
        {%- endfor %}
    from matched

)

select * from toned
