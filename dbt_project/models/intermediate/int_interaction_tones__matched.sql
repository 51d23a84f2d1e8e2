-- depends_on: {{ ref('tonality_rules') }}
{%- set rules = rules_of(
    'tonality_rules', ['rule_id', 'rule_version', 'class_code', 'pattern', 'except_pattern']
) %}
-- Which rule fits which text, so that a class can be traced to the rule that gave it.
-- Each pattern runs once over each different text, however many acts repeat it; without
-- "materialized", it ran again for each rule and each reference, nine times as long.
with

interactions as (

    select
        interaction_key,
        full_text
    from {{ ref('int_interactions__threaded') }}

),

texts as materialized (

    select full_text
    from interactions
    where full_text is not null
    group by full_text

),

fitted as materialized (

    select
        full_text
        {%- for rule in rules %},
        {{ fits_rule('full_text', rule[3], rule[4]) }} as {{ rule[0] }}
        {%- endfor %}
    from texts

),

fired as materialized (

    {% for rule in rules %}
    select
        full_text,
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
        full_text,
        cast(null as varchar) as class_code,
        cast(null as varchar) as rule_id,
        cast(null as bigint) as rule_version
    from fitted
    where false
    {%- endfor %}

),

-- What a text says beside a piece of news makes it more than information.
speaking as (

    select full_text
    from fired
    where class_code <> 'information'
    group by full_text

),

kept as (

    select
        fired.full_text,
        fired.class_code,
        fired.rule_id,
        fired.rule_version
    from fired
    left join speaking
        on fired.full_text = speaking.full_text
    where fired.class_code <> 'information' or speaking.full_text is null

),

-- One row per act and rule: every act has one text.
said as (

    select
        interactions.interaction_key,
        kept.class_code,
        kept.rule_id,
        kept.rule_version
    from interactions
    inner join kept
        on interactions.full_text = kept.full_text

)

select * from said
