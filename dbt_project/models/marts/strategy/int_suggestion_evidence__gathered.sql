{{ config(schema='intermediate', contract={'enforced': false}) }}
-- The newest turns that speak for each listed suggestion: what the person, or the people
-- in the conversation, said about the theme.
with

thresholds as (

    select
        suggestion_interest_weeks,
        suggestion_fresh_weeks,
        suggestion_evidence_count
    from {{ ref('int_thresholds__pivoted') }}

),

suggestions as (

    select
        suggestion_key,
        week_start,
        theme_code,
        person_key,
        conversation_key,
        reason_code
    from {{ ref('int_suggestions__listed') }}

),

turns as (

    select
        interactions.interaction_key,
        interactions.person_key,
        interactions.thread_key as conversation_key,
        interactions.occurred_at,
        interactions.occurred_week,
        coalesce(interactions.is_question, false) or coalesce(interactions.is_request, false) as is_asking,
        coalesce(
            interactions.is_question and not interactions.is_request and not interactions.is_complaint, false
        ) as is_open_question,
        themes.theme_code
    from {{ ref('fct_interactions') }} as interactions
    inner join {{ ref('fct_interaction_themes') }} as themes
        on interactions.interaction_key = themes.interaction_key
    where
        interactions.actor_class_code not in ('org', 'employee', 'bot')
        and interactions.occurred_at < {{ observed_until() }}

),

-- One row per suggestion and turn.
evidence as (

    select
        suggestions.suggestion_key,
        turns.interaction_key,
        turns.occurred_at,
        case suggestions.reason_code
            when 'answers_question' then turns.is_open_question
            when 'asks_about_theme' then turns.is_asking
            else false
        end as comes_first
    from suggestions
    cross join thresholds
    inner join turns
        on
            suggestions.person_key = turns.person_key
            and suggestions.theme_code = turns.theme_code
            and turns.occurred_week <= suggestions.week_start
            and turns.occurred_week
            > {{ days_later('suggestions.week_start', '-7 * thresholds.suggestion_interest_weeks') }}

    union all

    select
        suggestions.suggestion_key,
        turns.interaction_key,
        turns.occurred_at,
        case suggestions.reason_code
            when 'answers_question' then turns.is_open_question
            when 'asks_about_theme' then turns.is_asking
            else false
        end as comes_first
    from suggestions
    cross join thresholds
    inner join turns
        on
            suggestions.conversation_key = turns.conversation_key
            and suggestions.theme_code = turns.theme_code
            and turns.occurred_week <= suggestions.week_start
            and turns.occurred_week
            > {{ days_later('suggestions.week_start', '-7 * thresholds.suggestion_fresh_weeks') }}
    where suggestions.person_key is null

),

numbered as (

    select
        evidence.*,
        row_number() over (
            partition by suggestion_key
            order by comes_first desc, occurred_at desc, interaction_key
        ) as evidence_number
    from evidence

),

-- One row per suggestion.
gathered as (

    select
        numbered.suggestion_key,
        count(*) as evidence_count,
        {{ joined_text(
            'case when numbered.evidence_number <= thresholds.suggestion_evidence_count then numbered.interaction_key end',
            ',', 'numbered.evidence_number'
        ) }} as evidence_keys
    from numbered
    cross join thresholds
    group by numbered.suggestion_key

)

select * from gathered
