{%- set aspects = ['trust', 'competence', 'openness', 'fairness', 'service', 'value'] %}
{%- set states = [
    'sentiment_state_code', 'perception_state_code', 'interest_state_code', 'need_state_code',
    'expectation_state_code',
] %}
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

judged as (

    select
        person_key,
        week_start,
        act_count > 0 as is_active,
        case
            when scored_text_count < sentiment_text_minimum_count then 'insufficient'
            when compound_points >= scored_text_count * positive_points then 'positive'
            when compound_points <= scored_text_count * negative_points then 'negative'
            else 'neutral'
        end as sentiment_state_code,
        case
            when told_sentence_count = 0 then 'insufficient'
            when 2 * told_positive_count > told_sentence_count then 'mostly_positive'
            else 'mostly_other'
        end as perception_state_code,
        case
            when text_count < interest_post_minimum_count then 'insufficient'
            else 'sufficient'
        end as interest_state_code,
        case
            when unclosed_need_count > 0 then 'unclosed'
            when need_count > 0 then 'closed'
            else 'none'
        end as need_state_code,
        case when expectation_count > 0 then 'stated' else 'none' end as expectation_state_code
    from counted

),

described as (

    select
        *,
        case
            when is_active
                then concat_ws('|', {{ states | join(', ') }})
            else 'absent'
        end as state_text
    from judged

),

changed as (

    select
        *,
        lag(state_text) over (partition by person_key order by week_start) as earlier_state_text
    from described

),

spanned as (

    select
        *,
        {{ days_later('lead(week_start) over (partition by person_key order by week_start)', '-7') }}
            as valid_to_week
    from changed
    where earlier_state_text is null or state_text <> earlier_state_text

)

select
    person_key,
    week_start as valid_from_week,
    valid_to_week,
    cast(
        1
        {%- for state in states %}
        + case when {{ state }} in ('insufficient', 'none') then 0 else 1 end
        {%- endfor %} as bigint
    ) as covered_block_count,
    {{ states | join(',\n    ') }}
from spanned
where is_active
