{{ config(materialized='view') }}
-- What became of each expectation that a stakeholder put to the organisation. There is no
-- log of commitments, so a reply in time after which the person neither asks nor expects
-- again stands for "met"; whether the thing itself was done is written down nowhere.
with

interactions as (

    select
        interaction_key,
        platform_code,
        person_key,
        actor_class_code,
        verb_code,
        thread_key,
        full_text_key,
        occurred_at,
        occurred_date,
        occurred_week,
        theme_code,
        is_expectation,
        is_thanks,
        is_deflection,
        needs_reply,
        is_addressed_to_org,
        is_overheard
    from {{ ref('int_interactions__classified') }}
    where occurred_at < {{ observed_until() }}

),

conversations as (

    select
        conversation_key,
        theme_code
    from {{ ref('int_conversations__summarised') }}

),

thresholds as (

    select expectation_default_days
    from {{ ref('int_thresholds__pivoted') }}

),

expected as (

    select
        interactions.*,
        {{ stated_due_date('texts.full_text', 'interactions.occurred_date') }} as stated_due_date
    from interactions
    left join {{ ref('int_texts__gathered') }} as texts
        on interactions.full_text_key = texts.full_text_key
    where
        actor_class_code = 'stakeholder'
        and person_key is not null
        and is_expectation
        and is_addressed_to_org
        -- A listening tool does not hear our answers.
        and not coalesce(is_overheard, false)

),

dated as (

    select
        expected.*,
        coalesce(
            stated_due_date,
            {{ days_later('occurred_date', 'thresholds.expectation_default_days') }}
        ) as due_date,
        case when stated_due_date is null then 'default' else 'stated' end as due_source_code
    from expected
    cross join thresholds

),

-- The due day belongs to the time that is left.
timed as (

    select
        dated.*,
        {{ local_midnight(days_later('due_date', 1)) }} as due_at
    from dated

),

-- One row per expectation that was replied to in time.
replied as (

    select
        timed.interaction_key,
        min(replies.occurred_at) as replied_at,
        max(replies.occurred_at) as last_replied_at
    from timed
    inner join interactions as replies
        on
            timed.thread_key = replies.thread_key
            and timed.occurred_at < replies.occurred_at
            and timed.due_at > replies.occurred_at
    where
        replies.actor_class_code in ('org', 'employee')
        and replies.verb_code = 'reply'
        and not replies.is_deflection
    group by timed.interaction_key

),

-- What the person said after those replies, up to the due date.
heard as (

    select
        replied.interaction_key,
        min(turns.occurred_at) filter (where turns.is_thanks and not turns.needs_reply)
            as thanked_at,
        max(turns.occurred_at) filter (
            where (turns.needs_reply or turns.is_expectation)
            and turns.occurred_at > replied.last_replied_at
        ) as renewed_at
    from replied
    inner join timed
        on replied.interaction_key = timed.interaction_key
    inner join interactions as turns
        on
            timed.thread_key = turns.thread_key
            and timed.person_key = turns.person_key
            and replied.replied_at < turns.occurred_at
            and timed.due_at > turns.occurred_at
    group by replied.interaction_key

),

judged as (

    select
        timed.interaction_key,
        timed.platform_code,
        timed.person_key,
        timed.thread_key,
        timed.occurred_at,
        timed.occurred_week,
        coalesce(timed.theme_code, conversations.theme_code) as theme_code,
        timed.due_date,
        timed.due_source_code,
        replied.replied_at,
        heard.thanked_at,
        heard.renewed_at,
        case
            when
                replied.replied_at is not null
                and heard.renewed_at is null
                and (heard.thanked_at is not null or timed.due_at <= {{ observed_until() }})
                then 'met'
            when timed.due_at <= {{ observed_until() }} then 'unmet'
            else 'pending'
        end as state_code
    from timed
    left join replied
        on timed.interaction_key = replied.interaction_key
    left join heard
        on timed.interaction_key = heard.interaction_key
    left join conversations
        on timed.thread_key = conversations.conversation_key

)

select * from judged
