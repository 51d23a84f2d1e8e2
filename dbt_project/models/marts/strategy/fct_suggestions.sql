with

thresholds as (

    select
        suggestion_due_days,
        suggestion_ignored_days
    from {{ ref('int_thresholds__pivoted') }}

),

suggestions as (

    select * from {{ ref('int_suggestions__listed') }}

),

evidence as (

    select
        suggestion_key,
        evidence_count,
        evidence_keys
    from {{ ref('int_suggestion_evidence__gathered') }}

),

-- Before the first week that anybody answered for, silence means nothing.
reported as (

    select min(suggested_week) as first_week
    from {{ ref('int_suggestion_responses__matched') }}

),

-- The last answer to a suggestion holds.
responses as (

    select
        suggestion_key,
        response_code,
        responded_at
    from {{ ref('int_suggestion_responses__matched') }}
    where
        suggestion_key is not null
        and replaced_on is null

),

assets as (

    select
        asset_key,
        asset_path
    from {{ ref('int_assets__matched') }}
    group by
        asset_key,
        asset_path

),

described as (

    select
        suggestions.week_start,
        suggestions.suggestion_key,
        suggestions.suggestion_code,
        left({{ hash_of('suggestions.owner_name') }}, 8) as manager_code,
        suggestions.suggestion_rank,
        suggestions.kind_code,
        suggestions.theme_code,
        suggestions.person_key,
        suggestions.conversation_key,
        suggestions.asset_key,
        assets.asset_path,
        suggestions.reason_code,
        suggestions.weight_ratio,
        suggestions.match_ratio,
        suggestions.idle_week_count,
        suggestions.reach_ratio,
        suggestions.score,
        coalesce(evidence.evidence_count, 0) as evidence_count,
        evidence.evidence_keys,
        {{ days_later('suggestions.closed_on', 'thresholds.suggestion_due_days') }} as due_on,
        {{ days_later(
            'suggestions.closed_on',
            'thresholds.suggestion_due_days + thresholds.suggestion_ignored_days'
        ) }} < {{ days_later(built_week(), 7) }} as is_mature,
        coalesce(suggestions.week_start >= reported.first_week, false) as is_reported,
        responses.response_code,
        responses.responded_at
    from suggestions
    cross join thresholds
    cross join reported
    left join evidence
        on suggestions.suggestion_key = evidence.suggestion_key
    left join responses
        on suggestions.suggestion_key = responses.suggestion_key
    left join assets
        on suggestions.asset_key = assets.asset_key

),

-- Silence is an answer once the time for one is over.
answered as (

    select
        week_start,
        suggestion_key,
        suggestion_code,
        manager_code,
        suggestion_rank,
        kind_code,
        theme_code,
        person_key,
        conversation_key,
        asset_key,
        asset_path,
        reason_code,
        weight_ratio,
        match_ratio,
        idle_week_count,
        reach_ratio,
        score,
        evidence_count,
        evidence_keys,
        due_on,
        is_mature,
        coalesce(
            response_code,
            case
                when is_mature and is_reported then 'ignored'
                when not is_mature then 'open'
            end
        ) as response_code,
        responded_at
    from described

)

select * from answered
