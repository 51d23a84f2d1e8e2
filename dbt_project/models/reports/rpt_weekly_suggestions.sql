with

suggestions as (

    select
        week_start,
        suggestion_code,
        suggestion_key,
        suggestion_rank,
        kind_code,
        theme_code,
        person_key,
        conversation_key,
        asset_path,
        reason_code,
        score,
        evidence_count,
        evidence_keys,
        due_on
    from {{ ref('fct_suggestions') }}
    where week_start = {{ built_week() }}

),

themes as (

    select
        theme_code,
        theme_name,
        owner_name
    from {{ ref('int_suggestion_themes__dated') }}
    where week_start = {{ built_week() }}

),

named as (

    select
        suggestions.week_start,
        themes.owner_name,
        suggestions.suggestion_rank,
        suggestions.suggestion_code,
        suggestions.kind_code,
        suggestions.theme_code,
        themes.theme_name,
        suggestions.person_key,
        suggestions.conversation_key,
        suggestions.asset_path,
        suggestions.reason_code,
        suggestions.score,
        suggestions.evidence_count,
        suggestions.evidence_keys,
        suggestions.due_on
    from suggestions
    inner join themes
        on suggestions.theme_code = themes.theme_code

)

select * from named
