-- How much of what we do is dialogue. Counts are zero in a silent week of a platform
-- that is heard, and null where it is not heard; a rate without a base is null.
with

weeks as (

    select week_start
    from {{ ref('dim_weeks') }}

),

turns as (

    select * from {{ ref('int_turn_weeks__counted') }}

),

threads as (

    select * from {{ ref('int_thread_weeks__counted') }}

),

requests as (

    select * from {{ ref('int_reply_weeks__counted') }}

),

reply_times as (

    select * from {{ ref('int_reply_times__estimated') }}

),

reciprocity as (

    select * from {{ ref('int_reciprocity_weeks__counted') }}

),

-- One row per platform: whether its conversations are heard, and since when.
platforms as (

    select
        platform_code,
        min(week_start) as first_week,
        bool_or(stakeholder_turn_count is not null) as is_heard,
        bool_or(org_message_count is not null) as has_messages
    from turns
    group by platform_code

),

-- One row per week and platform from its first turn on.
spine as (

    select
        weeks.week_start,
        platforms.platform_code,
        case when platforms.is_heard then 0 end as silence,
        case when platforms.has_messages then 0 end as message_silence
    from weeks
    inner join platforms
        on weeks.week_start >= platforms.first_week

),

joined as (

    select
        spine.week_start,
        spine.platform_code,
        {%- for column in [
            'stakeholder_turn_count', 'org_turn_count', 'inbound_count', 'org_reply_count',
            'personal_reply_count', 'reply_count', 'peer_reply_count',
        ] %}
        cast(coalesce(turns.{{ column }}, spine.silence) as bigint) as {{ column }},
        {%- endfor %}
        {%- for column in ['org_message_count', 'org_root_post_count'] %}
        cast(coalesce(turns.{{ column }}, spine.message_silence) as bigint) as {{ column }},
        {%- endfor %}
        {%- for column in [
            'reply_request_count', 'mature_24h_count', 'answered_24h_count',
            'mature_72h_count', 'answered_72h_count',
        ] %}
        cast(coalesce(requests.{{ column }}, spine.silence) as bigint) as {{ column }},
        {%- endfor %}
        {%- for column in [
            'stakeholder_thread_count', 'dialogic_loop_count', 'alternation_count',
            'two_way_conversation_count',
        ] %}
        cast(coalesce(threads.{{ column }}, spine.silence) as bigint) as {{ column }},
        {%- endfor %}
        {%- for column in ['inbound_person_count', 'reciprocal_person_count'] %}
        cast(coalesce(reciprocity.{{ column }}, spine.silence) as bigint) as {{ column }},
        {%- endfor %}
        threads.thread_depth_p90,
        {%- for prefix in ['', 'request_', 'business_'] %}
        {%- for percentile in ['p50', 'p90'] %}
        reply_times.{{ prefix }}time_to_first_response_{{ percentile }}_hours
            {{- ',' if not (prefix == 'business_' and percentile == 'p90') }}
        {%- endfor %}
        {%- endfor %}
    from spine
    {%- for step in ['turns', 'threads', 'requests', 'reply_times', 'reciprocity'] %}
    left join {{ step }}
        on
            spine.week_start = {{ step }}.week_start
            and spine.platform_code = {{ step }}.platform_code
    {%- endfor %}

),

rated as (

    select
        week_start,
        platform_code,
        stakeholder_turn_count,
        org_turn_count,
        inbound_count,
        reply_request_count,
        mature_24h_count,
        answered_24h_count,
        {{ safe_ratio('answered_24h_count', 'mature_24h_count') }} as response_rate_24h,
        mature_72h_count,
        answered_72h_count,
        {{ safe_ratio('answered_72h_count', 'mature_72h_count') }} as response_rate_72h,
        mature_24h_count = reply_request_count as is_mature_24h,
        mature_72h_count = reply_request_count as is_mature_72h,
        {%- for prefix in ['', 'request_', 'business_'] %}
        {%- for percentile in ['p50', 'p90'] %}
        {{ prefix }}time_to_first_response_{{ percentile }}_hours,
        {%- endfor %}
        {%- endfor %}
        org_message_count,
        org_root_post_count,
        {{ safe_ratio('org_root_post_count', 'org_message_count') }} as broadcast_ratio,
        stakeholder_thread_count,
        dialogic_loop_count,
        {{ safe_ratio('dialogic_loop_count', 'stakeholder_thread_count') }} as dialogic_loop_ratio,
        alternation_count,
        {{ safe_ratio('alternation_count', 'stakeholder_thread_count') }} as thread_depth,
        thread_depth_p90,
        two_way_conversation_count,
        inbound_person_count,
        reciprocal_person_count,
        {{ safe_ratio('reciprocal_person_count', 'inbound_person_count') }} as reciprocity,
        org_reply_count,
        personal_reply_count,
        {{ safe_ratio('personal_reply_count', 'org_reply_count') }} as personal_address_ratio,
        reply_count,
        peer_reply_count,
        {{ safe_ratio('peer_reply_count', 'reply_count') }} as peer_to_peer_ratio
    from joined

)

select * from rated
