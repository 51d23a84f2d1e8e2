{{ config(schema='intermediate', contract={'enforced': false}) }}
{%- set ratios = [
    ('response_rate_24h', 'answered_24h_count', 'mature_24h_count', 'is_mature_24h'),
    ('response_rate_72h', 'answered_72h_count', 'mature_72h_count', 'is_mature_72h'),
    ('dialogic_loop_ratio', 'dialogic_loop_count', 'stakeholder_thread_count', 'true'),
    ('broadcast_ratio', 'org_root_post_count', 'org_message_count', 'true'),
    ('thread_depth', 'alternation_count', 'stakeholder_thread_count', 'true'),
    ('reciprocity', 'reciprocal_person_count', 'inbound_person_count', 'true'),
    ('personal_address_ratio', 'personal_reply_count', 'org_reply_count', 'true'),
    ('peer_to_peer_ratio', 'peer_reply_count', 'reply_count', 'true'),
] %}
-- The dialogue of each week as one row per metric and platform.
with

dialogue as (

    select *
    from {{ ref('agg_weekly_dialogue') }}

),

melted as (

    {%- for metric_id, numerator, denominator, is_mature in ratios %}
    select
        '{{ metric_id }}' as metric_id,
        week_start,
        platform_code,
        {{ metric_id }} as value,
        {{ numerator }} as numerator,
        {{ denominator }} as denominator,
        {{ denominator }} as n,
        {{ is_mature }} as is_mature
    from dialogue

    union all
    {% endfor %}
    {%- for percentile in ['p50', 'p90'] %}
    select
        'time_to_first_response_{{ percentile }}_hours' as metric_id,
        week_start,
        platform_code,
        time_to_first_response_{{ percentile }}_hours as value,
        cast(null as bigint) as numerator,
        cast(null as bigint) as denominator,
        inbound_count as n,
        true as is_mature
    from dialogue

    union all
    {% endfor %}
    select
        'two_way_conversations' as metric_id,
        week_start,
        platform_code,
        two_way_conversation_count as value,
        two_way_conversation_count as numerator,
        cast(null as bigint) as denominator,
        stakeholder_thread_count as n,
        true as is_mature
    from dialogue

),

segmented as (

    select
        metric_id,
        week_start,
        case when platform_code = 'all' then 'all' else 'platform' end as segment_kind_code,
        platform_code as segment_code,
        cast(value as double) as value,
        cast(numerator as double) as numerator,
        cast(denominator as double) as denominator,
        cast(n as bigint) as n,
        cast(null as double) as coverage_ratio,
        coalesce(is_mature, true) as is_mature
    from melted
    -- A platform that exports no such turns has no row, rather than rows of nulls.
    where n is not null or value is not null

)

select * from segmented
