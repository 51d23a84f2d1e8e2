{%- set aspects = ['trust', 'competence', 'openness', 'fairness', 'service', 'value'] %}
{#- Each state and its codes; the first says that there is no evidence. Together they are
   one number of five digits, which is cheaper to carry and to compare than five words. #}
{%- set states = {
    'sentiment_state_code': ['insufficient', 'positive', 'negative', 'neutral'],
    'perception_state_code': ['insufficient', 'mostly_positive', 'mostly_other'],
    'interest_state_code': ['insufficient', 'sufficient'],
    'need_state_code': ['none', 'unclosed', 'closed'],
    'expectation_state_code': ['none', 'stated'],
} %}
-- When what is known of a person changed, at the ends of weeks. The history of states and
-- not of figures: a mean that moves within its class begins no new row.
with

windows as (

    select * from {{ ref('int_person_aspine_windows__summed') }}

),

thresholds as (

    select
        sentiment_text_minimum_count,
        perception_sentence_minimum_count,
        interest_post_minimum_count,
        cast(round(positive_compound_score * 10000) as bigint) as positive_points,
        cast(round(negative_compound_score * 10000) as bigint) as negative_points
    from {{ ref('int_thresholds__pivoted') }}

),

-- Of perceptions only aspects with enough sentences speak.
counted as (

    select
        windows.*,
        thresholds.sentiment_text_minimum_count,
        thresholds.interest_post_minimum_count,
        thresholds.positive_points,
        thresholds.negative_points
        {%- for kind in ['sentence', 'positive'] %},
        {% for aspect in aspects -%}
        case
            when windows.{{ aspect }}_sentence_count >= thresholds.perception_sentence_minimum_count
                then windows.{{ aspect }}_{{ kind }}_count
            else 0
        end {{ '+ ' if not loop.last else 'as told_' ~ kind ~ '_count' }}
        {%- endfor %}
        {%- endfor %}
    from windows
    cross join thresholds

),

-- In the order of the codes above; null is absence.
judged as (

    select
        person_key,
        person_number,
        week_start,
        case
            when act_count > 0
                then
                    case
                        when scored_text_count < sentiment_text_minimum_count then 0
                        when compound_points >= scored_text_count * positive_points then 10000
                        when compound_points <= scored_text_count * negative_points then 20000
                        else 30000
                    end
                    + case
                        when told_sentence_count = 0 then 0
                        when 2 * told_positive_count > told_sentence_count then 1000
                        else 2000
                    end
                    + case when text_count < interest_post_minimum_count then 0 else 100 end
                    + case when unclosed_need_count > 0 then 10 when need_count > 0 then 20 else 0 end
                    + case when expectation_count > 0 then 1 else 0 end
        end as state_number
    from counted

),

compared as (

    select
        *,
        lag(state_number) over (partition by person_number order by week_start) as earlier_state_number
    from judged

),

-- Who was never there is as absent as who left.
spanned as (

    select
        *,
        {{ days_later('lead(week_start) over (partition by person_number order by week_start)', '-7') }}
            as valid_to_week
    from compared
    where state_number is distinct from earlier_state_number

),

worded as (

    select
        person_key,
        week_start as valid_from_week,
        valid_to_week
        {%- for state, codes in states.items() %},
        case {{ whole_quotient('state_number', 10 ** loop.revindex0) }} % 10
            {%- for code in codes %}
            when {{ loop.index0 }} then '{{ code }}'
            {%- endfor %}
        end as {{ state }}
        {%- endfor %}
    from spanned
    where state_number is not null

)

select
    person_key,
    valid_from_week,
    valid_to_week,
    cast(
        1
        {%- for state in states %}
        + case when {{ state }} in ('insufficient', 'none') then 0 else 1 end
        {%- endfor %} as bigint
    ) as covered_block_count,
    {{ states | join(',\n    ') }}
from worded
