{%- set aspects = ['trust', 'competence', 'openness', 'fairness', 'service', 'value'] %}
{%- set window_start = days_later(built_week(), '7 - thresholds.aspine_window_days') %}
-- Actions, Sentiments, Perceptions, Interests, Needs and Expectations of each person who
-- did something in the window. A block with too little evidence is null, never zero.
with

thresholds as (

    select
        aspine_window_days,
        sentiment_text_minimum_count,
        perception_sentence_minimum_count,
        interest_post_minimum_count
    from {{ ref('int_thresholds__pivoted') }}

),

people as (

    select * from {{ ref('int_person_tones__summed') }}

),

perceptions as (

    select
        mentions.person_key
        {%- for aspect in aspects %},
        count(*) filter (where mentions.aspect_code = '{{ aspect }}') as {{ aspect }}_sentence_count,
        count(*) filter (
            where mentions.aspect_code = '{{ aspect }}' and mentions.sentiment_code = 'positive'
        ) as {{ aspect }}_positive_count
        {%- endfor %}
    from {{ ref('fct_aspect_mentions') }} as mentions
    cross join thresholds
    where mentions.occurred_date >= {{ window_start }}
    group by mentions.person_key

),

interests as (

    select
        person_key,
        count(*) as interest_count
    from {{ ref('fct_person_interests') }}
    group by person_key

),

needs as (

    select
        needs.person_key,
        count(*) as need_count,
        count(*) filter (where needs.state_code = 'open') as open_need_count,
        max(needs.age_days) filter (where needs.state_code = 'open') as oldest_open_need_days
    from {{ ref('fct_needs') }} as needs
    cross join thresholds
    where {{ local_date('needs.asked_at') }} >= {{ window_start }}
    group by needs.person_key

),

expectations as (

    select
        expectations.person_key,
        count(*) as expectation_count
        {%- for state in ['met', 'unmet', 'pending'] %},
        count(*) filter (where expectations.state_code = '{{ state }}')
            as {{ state }}_expectation_count
        {%- endfor %}
    from {{ ref('fct_expectations') }} as expectations
    cross join thresholds
    where {{ local_date('expectations.occurred_at') }} >= {{ window_start }}
    group by expectations.person_key

),

-- Same grain: each join finds at most one row.
joined as (

    select
        people.*,
        {%- for aspect in aspects %}
        coalesce(perceptions.{{ aspect }}_sentence_count, 0) as {{ aspect }}_sentence_count,
        coalesce(perceptions.{{ aspect }}_positive_count, 0) as {{ aspect }}_positive_count,
        {%- endfor %}
        interests.interest_count,
        coalesce(needs.need_count, 0) as need_count,
        coalesce(needs.open_need_count, 0) as open_need_count,
        needs.oldest_open_need_days,
        coalesce(expectations.expectation_count, 0) as expectation_count,
        coalesce(expectations.met_expectation_count, 0) as met_expectation_count,
        coalesce(expectations.unmet_expectation_count, 0) as unmet_expectation_count,
        coalesce(expectations.pending_expectation_count, 0) as pending_expectation_count,
        thresholds.perception_sentence_minimum_count,
        people.scored_text_count >= thresholds.sentiment_text_minimum_count
            as has_sentiments,
        people.text_count >= thresholds.interest_post_minimum_count as has_interests,
        day_square_sum * scored_text_count - day_sum * day_sum as slope_divisor
    from people
    left join perceptions
        on people.person_key = perceptions.person_key
    left join interests
        on people.person_key = interests.person_key
    left join needs
        on people.person_key = needs.person_key
    left join expectations
        on people.person_key = expectations.person_key
    cross join thresholds

),

judged as (

    select
        joined.*,
        ({% for aspect in aspects -%}
            {{ aspect }}_sentence_count >= perception_sentence_minimum_count
            {{- ' or ' if not loop.last }}
        {%- endfor %}) as has_perceptions
    from joined

),

profiled as (

    select
        {{ built_week() }} as week_start,
        person_key,
        create_count,
        reply_count,
        active_day_count,
        case when has_sentiments then 'sufficient' else 'insufficient' end as sentiment_evidence_code,
        case
            when has_sentiments
                then {{ safe_ratio('compound_points', 'scored_text_count * 10000') }}
        end as mean_compound_score,
        -- Change of the score in 30 days; null where all texts are of one day.
        case
            when has_sentiments
                then {{ safe_ratio(
                    '30 * (day_points_sum * scored_text_count - day_sum * compound_points)',
                    'slope_divisor * 10000'
                ) }}
        end as compound_score_slope,
        text_count,
        scored_text_count,
        {{ safe_ratio('scored_text_count', 'text_count') }} as scored_ratio,
        {%- for aspect in aspects %}
        {{ aspect }}_sentence_count,
        {{ aspect }}_positive_count,
        case
            when {{ aspect }}_sentence_count >= perception_sentence_minimum_count
                then {{ safe_ratio(aspect ~ '_positive_count', aspect ~ '_sentence_count') }}
        end as {{ aspect }}_positive_ratio,
        {%- endfor %}
        case when has_interests then coalesce(interest_count, 0) end as interest_count,
        need_count,
        open_need_count,
        oldest_open_need_days,
        expectation_count,
        met_expectation_count,
        unmet_expectation_count,
        pending_expectation_count,
        cast(
            1
            + case when has_sentiments then 1 else 0 end
            + case when has_perceptions then 1 else 0 end
            + case when has_interests then 1 else 0 end
            + case when need_count > 0 then 1 else 0 end
            + case when expectation_count > 0 then 1 else 0 end as bigint
        ) as covered_block_count
    from judged

)

select
    profiled.*,
    {{ safe_ratio('covered_block_count', '6') }} as coverage_ratio
from profiled
