{%- set aspects = ['trust', 'competence', 'openness', 'fairness', 'service', 'value'] %}
{%- set counts = [
    'create_count', 'reply_count', 'need_count', 'open_need_count', 'expectation_count',
    'met_expectation_count', 'unmet_expectation_count', 'pending_expectation_count',
] %}
-- The profiles of people rolled up to segments. The row of a segment with few people stays
-- and says nothing: what few people think can be told from who they are. In a large segment
-- the same holds of a mood or an aspect of which few people spoke.
with

thresholds as (

    select
        segment_person_minimum_count,
        perception_sentence_minimum_count
    from {{ ref('int_thresholds__pivoted') }}

),

profiles as (

    select
        *,
        -- Whole millionths: sums of doubles depend on the order of the rows.
        cast(round(mean_compound_score * 1000000) as bigint) as mean_points
    from {{ ref('agg_person_aspine') }}

),

members as (

    select * from {{ ref('int_segment_people__listed') }}

),

-- Every stage has a row, also one on which nobody stands.
segments as (

    select
        segment_kind_code,
        segment_code
    from members

    union

    select
        'stage' as segment_kind_code,
        stage_code as segment_code
    from {{ ref('funnel_stages') }}

    union

    select
        'audience' as segment_kind_code,
        audience_name as segment_code
    from {{ ref('audience_segments') }}

),

summed as (

    select
        segments.segment_kind_code,
        segments.segment_code,
        count(profiles.person_key) as person_count,
        {%- for column in counts %}
        cast(sum(profiles.{{ column }}) as bigint) as {{ column }},
        {%- endfor %}
        count(profiles.mean_points) as sentiment_person_count,
        cast(sum(profiles.mean_points) as bigint) as mean_points,
        {%- for aspect in aspects %}
        cast(sum(profiles.{{ aspect }}_sentence_count) as bigint) as {{ aspect }}_sentence_count,
        cast(sum(profiles.{{ aspect }}_positive_count) as bigint) as {{ aspect }}_positive_count,
        count(case when profiles.{{ aspect }}_sentence_count > 0 then 1 end) as {{ aspect }}_person_count,
        {%- endfor %}
        count(case when profiles.interest_count > 0 then 1 end) as interested_person_count,
        cast(sum(profiles.covered_block_count) as bigint) as covered_block_count
    from segments
    left join members
        on
            segments.segment_kind_code = members.segment_kind_code
            and segments.segment_code = members.segment_code
    left join profiles
        on members.person_key = profiles.person_key
    group by
        segments.segment_kind_code,
        segments.segment_code

),

judged as (

    select
        summed.*,
        thresholds.segment_person_minimum_count,
        thresholds.perception_sentence_minimum_count,
        person_count >= thresholds.segment_person_minimum_count as is_stated
    from summed
    cross join thresholds

)

select
    {{ built_week() }} as week_start,
    segment_kind_code,
    segment_code,
    case when not is_stated then 'too_few_people' end as suppression_code,
    {%- for column in ['person_count'] + counts + ['sentiment_person_count'] %}
    case when is_stated then {{ column }} end as {{ column }},
    {%- endfor %}
    case
        when is_stated and sentiment_person_count >= segment_person_minimum_count
            then {{ safe_ratio('mean_points', 'sentiment_person_count * 1000000') }}
    end as person_mean_compound_score,
    {%- for aspect in aspects %}
    case when is_stated then {{ aspect }}_sentence_count end as {{ aspect }}_sentence_count,
    case
        when is_stated and ({{ aspect }}_person_count >= segment_person_minimum_count or {{ aspect }}_sentence_count = 0)
            then {{ aspect }}_positive_count
    end as {{ aspect }}_positive_count,
    case
        when
            is_stated
            and {{ aspect }}_person_count >= segment_person_minimum_count
            and {{ aspect }}_sentence_count >= perception_sentence_minimum_count
            then {{ safe_ratio(aspect ~ '_positive_count', aspect ~ '_sentence_count') }}
    end as {{ aspect }}_positive_ratio,
    {%- endfor %}
    case when is_stated then interested_person_count end as interested_person_count,
    case when is_stated then covered_block_count end as covered_block_count,
    case when is_stated then {{ safe_ratio('covered_block_count', '6 * person_count') }} end
        as coverage_ratio
from judged
