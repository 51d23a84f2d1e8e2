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

answered as (

    select
        suggested_week as week_start,
        kind_code,
        theme_code
    from responses
    group by
        suggested_week,
        kind_code,
        theme_code

),

-- All that an answer could mean.
suggestions as (

    select
        suggestions.suggestion_key,
        {{ suggestion_subject('suggestions') }} as subject_key,
        suggestions.week_start,
        suggestions.owner_name,
        suggestions.kind_code,
        suggestions.theme_code,
        suggestions.score
    from {{ ref('int_suggestions__scored') }} as suggestions
    inner join answered
        on
            suggestions.week_start = answered.week_start
            and suggestions.kind_code = answered.kind_code
            and suggestions.theme_code = answered.theme_code

),

codes as (

    {{ suggestion_codes('suggestions') }}

),

coded as (

    select
        suggestions.*,
        codes.suggestion_code
    from suggestions
    inner join codes
        on suggestions.suggestion_key = codes.suggestion_key

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
        coded.suggestion_key,
        coded.subject_key
    from responses
    left join coded
        on
            responses.suggestion_code = coded.suggestion_code
            and responses.suggested_week = coded.week_start
            and responses.kind_code = coded.kind_code
            and responses.theme_code = coded.theme_code

)

select * from matched
