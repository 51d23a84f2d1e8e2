-- depends_on: {{ ref('tonality_rules') }}
{%- set rules = rules_of(
    'tonality_rules', ['rule_id', 'rule_version', 'class_code', 'pattern', 'except_pattern']
) %}
-- Which rule fits which text, so that a class can be traced to the rule that gave it.
-- Each pattern runs over each text once: without "materialized", it ran again for each
-- rule and each reference, nine times as long.
with

interactions as (

    select
        interaction_key,
        full_text
    from {{ ref('int_interactions__threaded') }}

),

fitted as materialized (

    select
        interaction_key
        {%- for rule in rules %},
        {{ fits_rule('full_text', rule[3], rule[4]) }} as {{ rule[0] }}
        {%- endfor %}
    from interactions

),

fired as materialized (

    {% for rule in rules %}
    select
        interaction_key,
        '{{ rule[2] }}' as class_code,
        '{{ rule[0] }}' as rule_id,
        cast({{ rule[1] }} as bigint) as rule_version
    from fitted
    where {{ rule[0] }}
    {%- if not loop.last %}

    union all
    {% endif %}
    {%- else %}
    select
        interaction_key,
        cast(null as varchar) as class_code,
        cast(null as varchar) as rule_id,
        cast(null as bigint) as rule_version
    from fitted
    where false
    {%- endfor %}

),

-- What a text says beside a piece of news makes it more than information.
speaking as (

    select interaction_key
    from fired
    where class_code <> 'information'
    group by interaction_key

),

kept as (

    select
        fired.interaction_key,
        fired.class_code,
        fired.rule_id,
        fired.rule_version
    from fired
    left join speaking
        on fired.interaction_key = speaking.interaction_key
    where fired.class_code <> 'information' or speaking.interaction_key is null

)

select * from kept
