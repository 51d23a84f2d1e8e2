-- A request is answered by the first turn of the organisation or an employee below it
-- in the same conversation. A pointer to a private channel and an automatic reply
-- answer nobody. Silence counts only once the window has passed before our eyes.
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
        short_reply_hours,
        long_reply_hours
    from {{ ref('int_thresholds__pivoted') }}

),

requests as (

    select
        interaction_key,
        platform_code,
        person_key,
        thread_key,
        occurred_at,
        occurred_week,
        theme_code
    from interactions
    where
        needs_reply
        and is_addressed_to_org
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

-- One row per request with the first reply after it.
answered as (

    select
        requests.interaction_key,
        min(replies.occurred_at) as answered_at
    from requests
    inner join replies
        on
            requests.thread_key = replies.thread_key
            and requests.occurred_at < replies.occurred_at
    group by requests.interaction_key

),

timed as (

    select
        requests.interaction_key,
        requests.platform_code,
        requests.person_key,
        requests.thread_key,
        requests.occurred_at,
        requests.occurred_week,
        coalesce(requests.theme_code, conversations.theme_code) as theme_code,
        answered.answered_at,
        {{ seconds_between('requests.occurred_at', 'answered.answered_at') }} as reply_seconds,
        {{ seconds_between('requests.occurred_at', observed_until()) }} as observed_seconds
    from requests
    left join answered
        on requests.interaction_key = answered.interaction_key
    left join conversations
        on requests.thread_key = conversations.conversation_key

),

judged as (

    select
        timed.*,
        coalesce(reply_seconds <= thresholds.short_reply_hours * 3600, false) as is_answered_24h,
        coalesce(reply_seconds <= thresholds.long_reply_hours * 3600, false) as is_answered_72h,
        observed_seconds >= thresholds.short_reply_hours * 3600 as is_mature_24h,
        observed_seconds >= thresholds.long_reply_hours * 3600 as is_mature_72h
    from timed
    cross join thresholds

)

select * from judged
