{{ config(schema='intermediate', contract={'enforced': false}) }}
-- Who speaks, how much and in which tone: one row per metric, week and segment. Tone is
-- stated only where enough of what was said could be read, and the mood of people only from
-- as many on as a segment needs: that of fewer can be told from who they are.
with

listening_weeks as (

    select *
    from {{ ref('int_listening_weeks__counted') }}

),

topics as (

    select *
    from {{ ref('agg_weekly_topics') }}

),

thresholds as (

    select segment_person_minimum_count
    from {{ ref('int_thresholds__pivoted') }}

),

-- One row per week: moods are stated of everybody together.
moods as (

    select
        listening_weeks.*,
        coalesce(
            listening_weeks.scored_person_count >= thresholds.segment_person_minimum_count, false
        ) as has_enough_people
    from listening_weeks
    cross join thresholds
    where listening_weeks.segment_kind_code = 'all'

),

melted as (

    {%- for metric_id, column in [
        ('mention_volume', 'mention_count'),
        ('unique_authors', 'author_count'),
        ('advocacy_acts', 'advocacy_count'),
        ('unprompted_mention_authors', 'unprompted_author_count'),
    ] %}
    select
        '{{ metric_id }}' as metric_id,
        week_start,
        segment_kind_code,
        segment_code,
        cast({{ column }} as double) as value,
        cast({{ column }} as double) as numerator,
        cast(null as double) as denominator,
        mention_count as n,
        cast(null as double) as coverage_ratio
    from listening_weeks

    union all
    {% endfor %}
    select
        'scored_ratio' as metric_id,
        week_start,
        segment_kind_code,
        segment_code,
        scored_ratio as value,
        cast(scored_count as double) as numerator,
        cast(mention_count as double) as denominator,
        mention_count as n,
        cast(null as double) as coverage_ratio
    from listening_weeks
    where segment_kind_code = 'all'

    union all

    select
        'net_sentiment' as metric_id,
        week_start,
        segment_kind_code,
        segment_code,
        case when is_readable then {{ safe_ratio('positive_count - negative_count', 'scored_count') }} end
            as value,
        cast(positive_count - negative_count as double) as numerator,
        cast(scored_count as double) as denominator,
        scored_count as n,
        scored_ratio as coverage_ratio
    from listening_weeks
    where segment_kind_code = 'all'

    union all

    {%- for metric_id, value, numerator, denominator in [
        (
            'person_net_sentiment',
            'round(' ~ safe_ratio('mean_points', 'scored_person_count') ~ ' / 1000000, 9)',
            'cast(mean_points as double) / 1000000',
            'scored_person_count',
        ),
        (
            'favourability',
            safe_ratio('supporter_count', 'supporter_count + opponent_count'),
            'supporter_count',
            'supporter_count + opponent_count',
        ),
    ] %}
    select
        '{{ metric_id }}' as metric_id,
        week_start,
        segment_kind_code,
        segment_code,
        case when is_readable and has_enough_people then {{ value }} end as value,
        case when has_enough_people then cast({{ numerator }} as double) end as numerator,
        case when has_enough_people then cast({{ denominator }} as double) end as denominator,
        scored_person_count as n,
        scored_ratio as coverage_ratio
    from moods
    {{ 'union all' if not loop.last }}
    {%- endfor %}
    {%- for metric_id, value, n, coverage in [
        ('mention_volume', 'mention_count', 'mention_count', 'null'),
        ('unique_authors', 'author_count', 'mention_count', 'null'),
        ('net_sentiment', 'net_sentiment', 'scored_count', 'scored_ratio'),
        ('person_net_sentiment', 'person_net_sentiment', 'scored_count', 'scored_ratio'),
        ('scored_ratio', 'scored_ratio', 'mention_count', 'null'),
    ] %}

    union all

    select
        '{{ metric_id }}' as metric_id,
        week_start,
        'theme' as segment_kind_code,
        theme_code as segment_code,
        cast({{ value }} as double) as value,
        cast(null as double) as numerator,
        cast(null as double) as denominator,
        {{ n }} as n,
        cast({{ coverage }} as double) as coverage_ratio
    from topics
    {%- endfor %}

)

select
    *,
    true as is_mature
from melted
