{{ config(schema='intermediate', contract={'enforced': false}) }}
-- Who speaks, how much and in which tone: one row per metric, week and segment. Tone is
-- stated only where enough of what was said could be read.
with

listening_weeks as (

    select *
    from {{ ref('int_listening_weeks__counted') }}

),

topics as (

    select *
    from {{ ref('agg_weekly_topics') }}

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

    select
        'person_net_sentiment' as metric_id,
        week_start,
        segment_kind_code,
        segment_code,
        case
            when is_readable
                then round({{ safe_ratio('mean_points', 'scored_person_count') }} / 1000000, 9)
        end as value,
        cast(mean_points as double) / 1000000 as numerator,
        cast(scored_person_count as double) as denominator,
        scored_person_count as n,
        scored_ratio as coverage_ratio
    from listening_weeks
    where segment_kind_code = 'all'

    union all

    select
        'favourability' as metric_id,
        week_start,
        segment_kind_code,
        segment_code,
        case when is_readable then {{ safe_ratio('supporter_count', 'supporter_count + opponent_count') }} end
            as value,
        cast(supporter_count as double) as numerator,
        cast(supporter_count + opponent_count as double) as denominator,
        scored_person_count as n,
        scored_ratio as coverage_ratio
    from listening_weeks
    where segment_kind_code = 'all'
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
