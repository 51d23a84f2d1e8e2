{{ config(materialized='view') }}
-- What became of each need. The first answer is the one that int_reply_requests__answered
-- finds, or a direct reply of somebody else; a peer who asks or complains as well answers
-- nothing. The asker then closes the need by thanks, or by asking nothing more for a
-- while; who asks again reopens it, and then the answers to that count.
with

interactions as (

    select
        interaction_key,
        platform_code,
        person_key,
        actor_class_code,
        thread_key,
        parent_interaction_key,
        occurred_at,
        occurred_week,
        theme_code,
        is_question,
        is_request,
        is_complaint,
        is_thanks,
        is_deflection,
        needs_reply,
        is_addressed_to_org,
        is_overheard
    from {{ ref('int_interactions__classified') }}
    where occurred_at < {{ observed_until() }}

),

reply_requests as (

    select
        interaction_key,
        answered_at
    from {{ ref('int_reply_requests__answered') }}
    where answered_at < {{ observed_until() }}

),

conversations as (

    select
        conversation_key,
        theme_code
    from {{ ref('int_conversations__summarised') }}

),

thresholds as (

    select need_follow_up_days
    from {{ ref('int_thresholds__pivoted') }}

),

-- A listening tool does not hear the answers: what it overheard has no state.
needs as (

    select
        interactions.interaction_key,
        interactions.platform_code,
        interactions.person_key,
        interactions.thread_key,
        interactions.occurred_at as asked_at,
        interactions.occurred_week as asked_week,
        coalesce(interactions.theme_code, conversations.theme_code) as theme_code,
        interactions.is_question,
        interactions.is_request,
        interactions.is_complaint,
        interactions.is_addressed_to_org
    from interactions
    left join conversations
        on interactions.thread_key = conversations.conversation_key
    where
        interactions.needs_reply
        and interactions.person_key is not null
        and not coalesce(interactions.is_overheard, false)

),

-- One row per need and answer that was given to it.
answers as (

    select
        needs.interaction_key,
        interactions.interaction_key as answer_interaction_key,
        case when interactions.actor_class_code = 'stakeholder' then 'peer' else 'org' end
            as answered_by_code,
        interactions.occurred_at as answered_at
    from needs
    inner join interactions
        on
            needs.interaction_key = interactions.parent_interaction_key
            and needs.asked_at < interactions.occurred_at
    where
        interactions.actor_class_code in ('org', 'employee', 'stakeholder')
        and not interactions.is_deflection
        and not interactions.needs_reply
        and interactions.person_key <> needs.person_key

    union all

    select
        needs.interaction_key,
        cast(null as varchar) as answer_interaction_key,
        'org' as answered_by_code,
        reply_requests.answered_at
    from needs
    inner join reply_requests
        on needs.interaction_key = reply_requests.interaction_key

),

first_answers as (

    select
        interaction_key,
        min(answered_at) as first_answered_at
    from answers
    group by interaction_key

),

-- Answers that count for a need: its own, and once it was answered, those that the same
-- person got on asking again in the same conversation.
chained as (

    select
        needs.interaction_key,
        needs.person_key,
        needs.thread_key,
        answers.answer_interaction_key,
        answers.answered_by_code,
        answers.answered_at
    from needs
    inner join first_answers
        on needs.interaction_key = first_answers.interaction_key
    inner join needs as asked
        on
            needs.person_key = asked.person_key
            and needs.thread_key = asked.thread_key
            and needs.asked_at <= asked.asked_at
    inner join answers
        on asked.interaction_key = answers.interaction_key
    where
        asked.interaction_key = needs.interaction_key
        or (
            asked.asked_at > first_answers.first_answered_at
            and answers.answered_at >= first_answers.first_answered_at
        )

),

-- What can reopen a need or close it.
said as (

    select
        person_key,
        thread_key,
        parent_interaction_key,
        occurred_at,
        is_thanks,
        needs_reply
    from interactions
    where needs_reply or is_thanks

),

-- One row per need and answer with what the asker said in the days after it.
heard as (

    select
        chained.interaction_key,
        chained.answer_interaction_key,
        chained.answered_by_code,
        chained.answered_at,
        thresholds.need_follow_up_days * 86400 as follow_up_seconds,
        min(turns.occurred_at) filter (where turns.needs_reply) as asked_again_at,
        min(turns.occurred_at) filter (where turns.is_thanks and not turns.needs_reply)
            as thanked_at,
        coalesce(
            bool_or(
                turns.is_thanks
                and not turns.needs_reply
                and turns.parent_interaction_key = chained.answer_interaction_key
            ),
            false
        ) as is_thanked_directly
    from chained
    cross join thresholds
    left join said as turns
        on
            chained.thread_key = turns.thread_key
            and chained.person_key = turns.person_key
            and chained.answered_at < turns.occurred_at
            and {{ seconds_between('chained.answered_at', 'turns.occurred_at') }}
            <= thresholds.need_follow_up_days * 86400
    group by
        chained.interaction_key,
        chained.answer_interaction_key,
        chained.answered_by_code,
        chained.answered_at,
        thresholds.need_follow_up_days

),

judged as (

    select
        heard.*,
        case
            when thanked_at < asked_again_at or (thanked_at is not null and asked_again_at is null)
                then 'closed'
            when asked_again_at is not null then 'open'
            when
                {{ seconds_between('answered_at', observed_until()) }} >= follow_up_seconds
                then 'closed'
            else 'answered'
        end as state_code,
        case
            when thanked_at < asked_again_at or (thanked_at is not null and asked_again_at is null)
                then thanked_at
            when
                asked_again_at is null
                and {{ seconds_between('answered_at', observed_until()) }} >= follow_up_seconds
                then {{ seconds_later('answered_at', 'follow_up_seconds') }}
        end as closed_at
    from heard

),

-- The answer that decides: the first that closed the need, else one that still may.
decisive as (

    select
        judged.*,
        case when thanked_at = closed_at then 'thanked' else 'no_follow_up' end as ending_code
    from judged
    qualify
        row_number() over (
            partition by interaction_key
            order by
                case state_code when 'closed' then 1 when 'answered' then 2 else 3 end,
                closed_at,
                is_thanked_directly desc,
                answered_at,
                answered_by_code,
                answer_interaction_key
        ) = 1

),

followed as (

    select
        needs.*,
        first_answers.first_answered_at,
        decisive.answered_by_code,
        coalesce(decisive.state_code, 'open') as state_code,
        case
            when decisive.state_code = 'closed'
                then decisive.answered_by_code || '_reply_' || decisive.ending_code
        end as closed_how_code,
        decisive.closed_at,
        {{ seconds_between('needs.asked_at', observed_until()) }} as age_seconds
    from needs
    left join first_answers
        on needs.interaction_key = first_answers.interaction_key
    left join decisive
        on needs.interaction_key = decisive.interaction_key

)

select * from followed
