-- A turn to us is answered by the first turn of the organisation or an employee after it
-- in the same conversation. A pointer to a private channel and an automatic reply
-- answer nobody. Waiting is also counted in business hours, so that a question of Friday
-- night is not held against Monday morning.
with

interactions as (

    select * from {{ ref('int_interactions__classified') }}

),

conversations as (

    select
        conversation_key,
        theme_code
    from {{ ref('int_conversations__summarised') }}

),

thresholds as (

    select
        business_start_hour,
        business_end_hour
    from {{ ref('int_thresholds__pivoted') }}

),

turns as (

    select
        interaction_key,
        platform_code,
        person_key,
        thread_key,
        occurred_at,
        occurred_week,
        theme_code,
        needs_reply
    from interactions
    where
        is_addressed_to_org
        -- A listening tool does not hear our answers: its silence proves nothing.
        and not coalesce(is_overheard, false)

),

replies as (

    select
        thread_key,
        occurred_at
    from interactions
    where
        actor_class_code in ('org', 'employee')
        and verb_code = 'reply'
        and not is_deflection

),

-- One row per turn with the first reply after it.
answered as (

    select
        turns.interaction_key,
        min(replies.occurred_at) as answered_at
    from turns
    inner join replies
        on
            turns.thread_key = replies.thread_key
            and turns.occurred_at < replies.occurred_at
    group by turns.interaction_key

),

timed as (

    select
        turns.interaction_key,
        turns.platform_code,
        turns.person_key,
        turns.thread_key,
        turns.occurred_at,
        turns.occurred_week,
        coalesce(turns.theme_code, conversations.theme_code) as theme_code,
        answered.answered_at,
        {{ seconds_between('turns.occurred_at', 'answered.answered_at') }} as reply_seconds,
        {{ seconds_between('turns.occurred_at', observed_until()) }} as observed_seconds,
        turns.needs_reply,
        {{ business_seconds('turns.occurred_at', 'coalesce(answered.answered_at, ' ~ observed_until() ~ ')', 'thresholds.business_start_hour', 'thresholds.business_end_hour') }}
            as business_waited_seconds
    from turns
    cross join thresholds
    left join answered
        on turns.interaction_key = answered.interaction_key
    left join conversations
        on turns.thread_key = conversations.conversation_key

)

select * from timed
