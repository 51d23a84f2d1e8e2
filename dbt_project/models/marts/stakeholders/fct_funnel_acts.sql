-- What each act of a stakeholder means for the funnel. Staff, employees and bots
-- are not in it: a funnel that counts ourselves always grows.
with

interactions as (

    select
        interaction_key,
        platform_code,
        person_key,
        verb_code,
        thread_key,
        parent_interaction_key,
        parent_person_key,
        occurred_at,
        occurred_date,
        occurred_week,
        compound_score,
        sentiment_code,
        is_praise,
        is_recommendation,
        needs_reply,
        is_addressed_to_org,
        mentions_org
    from {{ ref('fct_interactions') }}
    where
        actor_class_code = 'stakeholder'
        and person_key is not null

),

-- Turns of ours, and turns in need of defence: of no other does it matter what answers it.
-- Read apart: what is read twice from one list is first copied whole.
parents as (

    select
        interaction_key,
        actor_class_code,
        parent_person_key,
        sentiment_code
    from {{ ref('fct_interactions') }}
    where
        actor_class_code in ('org', 'employee')
        or sentiment_code = 'negative'

),

quoting as (

    select interaction_key
    from {{ ref('int_interactions__quoting') }}

),

-- Same grain: a parent and a quote are one row each.
related as (

    select
        interactions.*,
        quoting.interaction_key is not null as quotes_us,
        parents.actor_class_code as parent_class_code,
        parents.parent_person_key as grandparent_person_key,
        parents.sentiment_code as parent_sentiment_code
    from interactions
    left join parents
        on interactions.parent_interaction_key = parents.interaction_key
    left join quoting
        on interactions.interaction_key = quoting.interaction_key

),

judged as (

    select
        related.*,
        coalesce(is_addressed_to_org, false)
        or coalesce(parent_class_code in ('org', 'employee'), false) as is_towards_org,
        -- We answered this person, and the person came back on it.
        coalesce(
            parent_class_code in ('org', 'employee')
            and grandparent_person_key = person_key,
            false
        ) as is_exchange,
        -- Referring leaves no trace in an export; the other kinds of metrics.md section 6
        -- do. Who quotes us to complain or to ask does not speak up for us.
        case
            when is_recommendation then 'recommend'
            when
                verb_code = 'reply'
                and parent_class_code = 'stakeholder'
                and parent_person_key <> person_key
                and parent_sentiment_code = 'negative'
                and sentiment_code = 'positive'
                and not coalesce(needs_reply, false)
                then 'defend'
            when
                quotes_us
                and sentiment_code is distinct from 'negative'
                and not coalesce(needs_reply, false)
                then 'share_own_words'
            when
                verb_code = 'create'
                and sentiment_code = 'positive'
                and not coalesce(needs_reply, false)
                and (coalesce(is_praise, false) or coalesce(mentions_org, false))
                then 'original_positive'
        end as advocacy_kind_code
    from related

),

acts as (

    select
        interaction_key,
        person_key,
        platform_code,
        thread_key,
        parent_interaction_key,
        occurred_at,
        occurred_date,
        occurred_week,
        -- Whole ten-thousandths: sums of doubles depend on the order of the rows.
        cast(round(compound_score * 10000) as bigint) as compound_points,
        is_towards_org,
        is_exchange,
        not is_towards_org or advocacy_kind_code is not null as is_towards_others,
        advocacy_kind_code
    from judged

)

select * from acts
