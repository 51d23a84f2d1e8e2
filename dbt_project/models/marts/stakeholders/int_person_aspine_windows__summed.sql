{{ config(schema='intermediate', contract={'enforced': false}, materialized='view') }}
{%- set aspects = ['trust', 'competence', 'openness', 'fairness', 'service', 'value'] %}
{%- set perceived = [] %}
{%- for aspect in aspects %}
    {%- do perceived.extend([aspect ~ '_sentence_count', aspect ~ '_positive_count']) %}
{%- endfor %}
{%- set sources = {
    'acts': ['act_count', 'text_count', 'scored_text_count', 'compound_points'],
    'perceptions': [],
    'needs': ['need_count', 'unclosed_need_count'],
    'expectations': ['expectation_count'],
} %}
{#- Which week each measure of a source leaves in, one row of entries for each. #}
{%- set entries = [
    ('acts', 'entered_week', '', sources['acts']),
    ('acts', 'left_week', '-', sources['acts']),
    ('needs', 'entered_week', '', sources['needs']),
    ('needs', 'left_week', '-', ['need_count']),
    ('needs', 'unclosed_left_week', '-', ['unclosed_need_count']),
    ('expectations', 'entered_week', '', sources['expectations']),
    ('expectations', 'left_week', '-', sources['expectations']),
] %}
{%- set measures = sources.values() | sum(start=[]) %}
{%- set window_days = 'thresholds.aspine_window_days' %}
{#- What never closed leaves with its day: least() passes over null. #}
{%- set left_of_unclosed = 'least(' ~ window_left_week(local_date('needs.asked_at'), window_days)
    ~ ', ' ~ reporting_week(local_date('needs.closed_at')) ~ ')' %}
-- What the window held of each person at the end of every week in which that changed. What
-- is done enters in its week and leaves when the window has passed it: two entries each,
-- added up once, instead of a window joined to every week.
with

thresholds as (

    select aspine_window_days
    from {{ ref('int_thresholds__pivoted') }}

),

-- Numbers are shorter than keys to group by and to put in order.
people as (

    select
        person_key,
        row_number() over (order by person_key) as person_number
    from {{ ref('dim_people') }}

),

acts as (

    select
        people.person_number,
        {{ reporting_week('interactions.occurred_date') }} as entered_week,
        {{ window_left_week('interactions.occurred_date', window_days) }} as left_week,
        count(*) as act_count,
        count(interactions.text_key) as text_count,
        count(interactions.compound_score) as scored_text_count,
        sum(coalesce(cast(round(interactions.compound_score * 10000) as bigint), 0)) as compound_points
    from {{ ref('int_interactions__classified') }} as interactions
    inner join people
        on interactions.person_key = people.person_key
    cross join thresholds
    where
        interactions.actor_class_code = 'stakeholder'
        and interactions.occurred_at < {{ observed_until() }}
    group by
        people.person_number,
        {{ reporting_week('interactions.occurred_date') }},
        {{ window_left_week('interactions.occurred_date', window_days) }}

),

perceptions as (

    select
        people.person_number,
        {{ reporting_week('mentions.occurred_date') }} as entered_week,
        {{ window_left_week('mentions.occurred_date', window_days) }} as left_week
        {%- for aspect in aspects %},
        count(case when mentions.aspect_code = '{{ aspect }}' then 1 end) as {{ aspect }}_sentence_count,
        count(case
            when mentions.aspect_code = '{{ aspect }}' and mentions.sentiment_code = 'positive' then 1
        end) as {{ aspect }}_positive_count
        {%- endfor %}
    from {{ ref('fct_aspect_mentions') }} as mentions
    inner join people
        on mentions.person_key = people.person_key
    cross join thresholds
    group by
        people.person_number,
        {{ reporting_week('mentions.occurred_date') }},
        {{ window_left_week('mentions.occurred_date', window_days) }}

),

-- Every need is unclosed until it leaves.
needs as (

    select
        people.person_number,
        needs.asked_week as entered_week,
        {{ window_left_week(local_date('needs.asked_at'), window_days) }} as left_week,
        {{ left_of_unclosed }} as unclosed_left_week,
        count(*) as need_count,
        count(*) as unclosed_need_count
    from {{ ref('fct_needs') }} as needs
    inner join people
        on needs.person_key = people.person_key
    cross join thresholds
    group by
        people.person_number,
        needs.asked_week,
        {{ window_left_week(local_date('needs.asked_at'), window_days) }},
        {{ left_of_unclosed }}

),

expectations as (

    select
        people.person_number,
        expectations.occurred_week as entered_week,
        {{ window_left_week(local_date('expectations.occurred_at'), window_days) }} as left_week,
        count(*) as expectation_count
    from {{ ref('fct_expectations') }} as expectations
    inner join people
        on expectations.person_key = people.person_key
    cross join thresholds
    group by
        people.person_number,
        expectations.occurred_week,
        {{ window_left_week(local_date('expectations.occurred_at'), window_days) }}

),

-- Perceptions are twelve measures of few people: they are added up for these alone, and
-- only their weeks stand here.
entries as (

    {% for source, week, sign, own in entries -%}
    select
        person_number,
        {{ week }} as week_start
        {%- for measure in measures %},
        {{ sign ~ measure if measure in own else '0' }} as {{ measure }}
        {%- endfor %}
    from {{ source }}
    where {{ week }} <= {{ built_week() }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

netted as (

    select
        person_number,
        week_start
        {%- for measure in measures %},
        cast(sum({{ measure }}) as bigint) as {{ measure }}
        {%- endfor %}
    from entries
    group by
        person_number,
        week_start

),

summed as (

    select
        person_number,
        week_start
        {%- for measure in measures %},
        cast(sum({{ measure }}) over (
            partition by person_number
            order by week_start
            rows between unbounded preceding and current row
        ) as bigint) as {{ measure }}
        {%- endfor %}
    from netted

),

perceived_entries as (

    {% for week, sign in [('entered_week', ''), ('left_week', '-')] -%}
    select
        person_number,
        {{ week }} as week_start
        {%- for measure in perceived %},
        {{ sign ~ measure }} as {{ measure }}
        {%- endfor %}
    from perceptions
    where {{ week }} <= {{ built_week() }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

perceived_netted as (

    select
        person_number,
        week_start
        {%- for measure in perceived %},
        cast(sum({{ measure }}) as bigint) as {{ measure }}
        {%- endfor %}
    from perceived_entries
    group by
        person_number,
        week_start

),

perceivers as (

    select person_number
    from perceived_netted
    group by person_number

),

-- All weeks of a person who spoke of an aspect, not only those in which that changed.
perceived_summed as (

    select
        netted.person_number,
        netted.week_start
        {%- for measure in perceived %},
        cast(sum(coalesce(perceived_netted.{{ measure }}, 0)) over (
            partition by netted.person_number
            order by netted.week_start
            rows between unbounded preceding and current row
        ) as bigint) as {{ measure }}
        {%- endfor %}
    from netted
    inner join perceivers
        on netted.person_number = perceivers.person_number
    left join perceived_netted
        on
            netted.person_number = perceived_netted.person_number
            and netted.week_start = perceived_netted.week_start

)

select
    people.person_key,
    people.person_number,
    summed.week_start
    {%- for measure in sources['acts'] %},
    summed.{{ measure }}
    {%- endfor %}
    {%- for measure in perceived %},
    coalesce(perceived_summed.{{ measure }}, 0) as {{ measure }}
    {%- endfor %}
    {%- for measure in measures if measure not in sources['acts'] %},
    summed.{{ measure }}
    {%- endfor %}
from summed
inner join people
    on summed.person_number = people.person_number
left join perceived_summed
    on
        summed.person_number = perceived_summed.person_number
        and summed.week_start = perceived_summed.week_start
