-- Turns per week and platform, with a row for all platforms together. Channels whose
-- exports hold the organisation's replies count among its messages; the same text on
-- several platforms on one day is one message of the row for all.
with

interactions as (

    select
        interaction_key,
        platform_code,
        person_key,
        actor_class_code,
        verb_code,
        parent_person_key,
        parent_class_code,
        text_key,
        occurred_date,
        occurred_week as week_start,
        is_addressed_to_org,
        names_person,
        is_deflection
    from {{ ref('int_interactions__classified') }}
    where actor_class_code in ('org', 'employee', 'stakeholder')

),

platforms as (

    select platform_code
    from {{ ref('platforms') }}
    where has_reply_exports and platform_kind_code = 'channel'

),

posts as (

    select
        posts.platform_code,
        posts.posted_date as occurred_date,
        posts.posted_week as week_start,
        styles.is_reply,
        styles.text_key
    from {{ ref('int_posts__latest') }} as posts
    inner join {{ ref('int_posts__styled') }} as styles
        on posts.post_key = styles.post_key
    inner join platforms
        on posts.platform_code = platforms.platform_code
    -- The same message may be known as a turn as well.
    left join interactions
        on
            interactions.interaction_key = {{ surrogate_key(['posts.platform_code', 'posts.post_id']) }}
            and interactions.actor_class_code = 'org'
    where
        interactions.interaction_key is null
        and posts.gone_at is null

),

messages as (

    select
        week_start,
        platform_code,
        occurred_date,
        text_key,
        verb_code = 'create' as is_root,
        interaction_key
    from interactions
    where actor_class_code = 'org'

    union all

    select
        week_start,
        platform_code,
        occurred_date,
        text_key,
        not is_reply as is_root,
        cast(null as varchar) as interaction_key
    from posts

),

-- One row per message of the organisation; the row for all folds cross-posts. Two pictures
-- without a word are not the same message.
folded as (

    select
        week_start,
        platform_code,
        is_root
    from messages

    union all

    select
        week_start,
        'all' as platform_code,
        is_root
    from messages
    qualify
        not is_root
        or text_key is null
        or row_number() over (
            partition by occurred_date, is_root, text_key
            order by platform_code, interaction_key nulls last
        ) = 1

),

message_weeks as (

    select
        week_start,
        platform_code,
        count(*) as org_message_count,
        count(*) filter (where is_root) as org_root_post_count
    from folded
    group by
        week_start,
        platform_code

),

-- Each row once for its platform and once for all platforms together.
segmented as (

    {{ platforms_and_all('interactions') }}

),

-- A reply to oneself answers nobody, and there is nobody to be named in it: the next part
-- of a thread, or an answer below our own post that does not say whom it is for. Employees
-- stand outside the peer figures.
turn_weeks as (

    select
        week_start,
        segment_code as platform_code,
        count(*) filter (where actor_class_code = 'stakeholder') as stakeholder_turn_count,
        count(*) filter (where actor_class_code in ('org', 'employee')) as org_turn_count,
        count(*) filter (where is_addressed_to_org) as inbound_count,
        count(*) filter (
            where actor_class_code = 'org' and verb_code = 'reply' and parent_class_code is distinct from 'org'
        ) as org_reply_count,
        count(*) filter (
            where
                actor_class_code = 'org'
                and verb_code = 'reply'
                and parent_class_code is distinct from 'org'
                and names_person
        ) as personal_reply_count,
        count(*) filter (
            where
                verb_code = 'reply'
                and actor_class_code in ('org', 'stakeholder')
                and person_key is distinct from parent_person_key
        ) as reply_count,
        count(*) filter (
            where
                verb_code = 'reply'
                and actor_class_code = 'stakeholder'
                and parent_class_code = 'stakeholder'
                and person_key <> parent_person_key
        ) as peer_reply_count
    from segmented
    group by
        week_start,
        segment_code

),

joined as (

    select
        coalesce(turn_weeks.week_start, message_weeks.week_start) as week_start,
        coalesce(turn_weeks.platform_code, message_weeks.platform_code) as platform_code,
        turn_weeks.stakeholder_turn_count,
        turn_weeks.org_turn_count,
        turn_weeks.inbound_count,
        turn_weeks.org_reply_count,
        turn_weeks.personal_reply_count,
        turn_weeks.reply_count,
        turn_weeks.peer_reply_count,
        message_weeks.org_message_count,
        message_weeks.org_root_post_count
    from turn_weeks
    full outer join message_weeks
        on
            turn_weeks.week_start = message_weeks.week_start
            and turn_weeks.platform_code = message_weeks.platform_code

)

select * from joined
