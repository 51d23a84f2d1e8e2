{{ config(schema='intermediate', contract={'enforced': false}) }}
-- What managers answered, and the suggestion that their code means today. A code whose
-- kind, theme or week is another than the file says means something else by now: the
-- answer is counted under what the file says, and keeps no suggestion away.
with

responses as (

    select
        suggestion_code,
        suggested_week,
        kind_code,
        theme_code,
        response_code,
        responded_at,
        {{ local_date('responded_at') }} as responded_on
    from {{ ref('stg_programme__suggestion_responses') }}
    where responded_at < {{ observed_until() }}

),

suggestions as (

    select
        suggestion_code,
        suggestion_key,
        subject_key,
        week_start,
        kind_code,
        theme_code
    from {{ ref('int_suggestions__scored') }}

),

-- Same grain: a code means at most one suggestion.
matched as (

    select
        responses.suggestion_code,
        responses.suggested_week,
        responses.kind_code,
        responses.theme_code,
        responses.response_code,
        responses.responded_at,
        responses.responded_on,
        lead(responses.responded_on) over (
            partition by responses.suggestion_code
            order by responses.responded_at
        ) as replaced_on,
        suggestions.suggestion_key,
        suggestions.subject_key
    from responses
    left join suggestions
        on
            responses.suggestion_code = suggestions.suggestion_code
            and responses.suggested_week = suggestions.week_start
            and responses.kind_code = suggestions.kind_code
            and responses.theme_code = suggestions.theme_code

)

select * from matched
