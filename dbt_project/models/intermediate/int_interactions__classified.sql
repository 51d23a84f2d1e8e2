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

organisation_names as (

    select {{ words_of('account_handle') }} as phrase
    from {{ ref('int_accounts__declared') }}
    where actor_class_code = 'org' and length(account_handle) >= 4

    union

    select {{ words_of('account_name') }} as phrase
    from {{ ref('int_accounts__declared') }}
    where
        actor_class_code = 'org'
        and platform_kind_code = 'channel'
        and length(account_name) >= 4

),

naming as (

    select interactions.interaction_key
    from interactions
    inner join organisation_names
        on {{ contains_phrase('interactions.words_text', 'organisation_names.phrase') }}
    group by interactions.interaction_key

),

toned as (

    select * from {{ ref('int_interactions__toned') }}

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
        naming.interaction_key is not null as mentions_org,
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
                    ~ " then " ~ replace_pattern('interactions.full_text', '^\\s*(@\\S+\\s*)+', '')
                    ~ " else interactions.full_text end"
                ) }}
        end as address_text,
        themes.theme_code,
        toned.is_question,
        toned.is_request,
        toned.is_complaint,
        toned.is_praise,
        toned.is_recommendation,
        toned.is_suggestion,
        toned.is_expectation,
        -- The rules are English: what they do not recognise elsewhere is no information.
        toned.is_information
        and text_scores.language_bucket_code is distinct from 'foreign' as is_information,
        toned.is_thanks,
        toned.is_deflection
    from interactions
    inner join toned
        on interactions.interaction_key = toned.interaction_key
    left join platforms
        on interactions.platform_code = platforms.platform_code
    left join text_scores
        on interactions.text_key = text_scores.text_key
    left join naming
        on interactions.interaction_key = naming.interaction_key
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
        judged.*,
        is_stakeholder
        and (
            (coalesce(is_own_ground, false) and (verb_code = 'create' or needs_reply))
            or coalesce(parent_class_code in ('org', 'employee'), false)
            or mentions_org
        ) as is_addressed_to_org
    from judged

)

select * from classified
