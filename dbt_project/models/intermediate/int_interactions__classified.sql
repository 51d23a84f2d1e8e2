-- To whom each turn speaks, in which tone, and whether it waits for an answer.
with

interactions as (

    select * from {{ ref('int_interactions__threaded') }}

),

platforms as (

    select
        platform_code,
        has_reply_prefix,
        is_own_ground
    from {{ ref('platforms') }}

),

text_scores as (

    select
        text_key,
        language_bucket_code,
        compound_score
    from {{ ref('stg_listening__text_scores') }}

),

themes as (

    select
        interaction_key,
        theme_code
    from {{ ref('int_interaction_themes__matched') }}
    where theme_rank = 1

),

thresholds as (

    select
        positive_compound_score,
        negative_compound_score
    from {{ ref('int_thresholds__pivoted') }}

),

-- Texts that name the organisation.
naming as (

    select named.full_text_key
    from {{ ref('int_text_phrases__named') }} as named
    inner join {{ ref('int_organisation_names__worded') }} as organisation_names
        on named.phrase_key = {{ hash_of(plain_phrase('organisation_names.words_text')) }}
    group by named.full_text_key

),

toned as (

    select * from {{ ref('int_texts__read') }}

),

texts as (

    select
        full_text_key,
        full_text
    from {{ ref('int_texts__gathered') }}

),

-- Same grain: each join finds at most one row.
joined as (

    select
        interactions.*,
        -- What a tool overheard may stand anywhere on a platform where we have a house.
        platforms.is_own_ground and not coalesce(interactions.is_overheard, false) as is_own_ground,
        text_scores.language_bucket_code,
        case
            when text_scores.language_bucket_code = 'english' then text_scores.compound_score
        end as compound_score,
        naming.full_text_key is not null as mentions_org,
        interactions.actor_class_code in ('org', 'employee') as is_ours,
        interactions.actor_class_code = 'stakeholder' as is_stakeholder,
        -- Some platforms put the handle before a reply by themselves; that is no
        -- personal address. Only our own replies are read for one.
        case
            when
                interactions.actor_class_code in ('org', 'employee')
                and interactions.verb_code = 'reply'
                then {{ words_of(
                    "case when platforms.has_reply_prefix"
                    ~ " then " ~ replace_pattern('texts.full_text', '^\\s*(@\\S+\\s*)+', '')
                    ~ " else texts.full_text end"
                ) }}
        end as address_text,
        themes.theme_code,
        coalesce(toned.is_question, false) as is_question,
        coalesce(toned.is_request, false) as is_request,
        coalesce(toned.is_complaint, false) as is_complaint,
        coalesce(toned.is_praise, false) as is_praise,
        coalesce(toned.is_recommendation, false) as is_recommendation,
        coalesce(toned.is_suggestion, false) as is_suggestion,
        coalesce(toned.is_expectation, false) as is_expectation,
        -- The rules are English: what they do not recognise elsewhere is no information.
        coalesce(toned.is_information, false)
        and text_scores.language_bucket_code is distinct from 'foreign' as is_information,
        coalesce(toned.is_thanks, false) as is_thanks,
        coalesce(toned.is_deflection, false) as is_deflection
    from interactions
    left join toned
        on interactions.full_text_key = toned.full_text_key
    left join texts
        on
            case
                when interactions.actor_class_code in ('org', 'employee') and interactions.verb_code = 'reply'
                    then interactions.full_text_key
            end = texts.full_text_key
    left join platforms
        on interactions.platform_code = platforms.platform_code
    left join text_scores
        on interactions.text_key = text_scores.text_key
    left join naming
        on interactions.full_text_key = naming.full_text_key
    left join themes
        on interactions.interaction_key = themes.interaction_key

),

judged as (

    select
        joined.*,
        case
            when compound_score >= thresholds.positive_compound_score then 'positive'
            when compound_score <= thresholds.negative_compound_score then 'negative'
            when compound_score is not null then 'neutral'
        end as sentiment_code,
        is_stakeholder and (is_question or is_request or is_complaint) as needs_reply,
        case
            when is_ours and verb_code = 'reply'
                then
                    coalesce({{ contains_phrase('address_text', words_of('parent_handle')) }}, false)
                    or coalesce({{ contains_phrase('address_text', words_of('parent_first_name')) }}, false)
            else false
        end as names_person
    from joined
    cross join thresholds

),

-- Who asks or complains in the house of the organisation speaks to its host, whomever
-- else the turn answers.
classified as (

    select
        interaction_key,
        platform_code,
        person_key,
        actor_class_code,
        verb_code,
        thread_key,
        parent_interaction_key,
        parent_person_key,
        parent_class_code,
        text_key,
        full_text_key,
        like_count,
        is_overheard,
        occurred_at,
        occurred_date,
        occurred_week,
        is_repeat,
        is_own_ground,
        language_bucket_code,
        compound_score,
        mentions_org,
        is_ours,
        is_stakeholder,
        theme_code,
        is_question,
        is_request,
        is_complaint,
        is_praise,
        is_recommendation,
        is_suggestion,
        is_expectation,
        is_information,
        is_thanks,
        is_deflection,
        sentiment_code,
        needs_reply,
        names_person,
        is_stakeholder
        and (
            (coalesce(is_own_ground, false) and (verb_code = 'create' or needs_reply))
            or coalesce(parent_class_code in ('org', 'employee'), false)
            or mentions_org
        ) as is_addressed_to_org
    from judged

)

-- In order of weeks: whoever asks for one week reads little else.
select * from classified
order by occurred_week
