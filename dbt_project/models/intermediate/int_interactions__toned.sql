{%- set classes = [
    'question', 'request', 'complaint', 'praise', 'recommendation', 'suggestion',
    'expectation', 'information', 'thanks', 'deflection',
] %}
-- What each turn says, by the rules that fit; one turn may say several things.
with

interactions as (

    select interaction_key
    from {{ ref('int_interactions__threaded') }}

),

tones as (

    select
        interaction_key,
        class_code
    from {{ ref('int_interaction_tones__matched') }}

),

toned as (

    select
        interactions.interaction_key
        {%- for class in classes %},
        coalesce(bool_or(tones.class_code = '{{ class }}'), false) as is_{{ class }}
        {%- endfor %}
    from interactions
    left join tones
        on interactions.interaction_key = tones.interaction_key
    group by interactions.interaction_key

)

select * from toned
