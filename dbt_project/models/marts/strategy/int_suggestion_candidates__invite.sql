{{ config(schema='intermediate', contract={'enforced': false}) }}
-- Invite: somebody of our community cares about a theme. There is an open conversation
-- on it that they would fit in; where there is none, they could begin one.
with

thresholds as (

    select
        suggestion_history_weeks,
        suggestion_fresh_weeks,
        suggestion_interest_minimum_count,
        suggestion_discussion_maximum
    from {{ ref('int_thresholds__pivoted') }}

),

people as (

    select
        week_start,
        person_key,
        reach_ratio,
        row_number() over (order by week_start, person_key) as vector_number
    from {{ ref('int_suggestion_people__judged') }}
    where not is_new

),

-- The vectors of our community, each with its number: keys are long to compare.
topics as (

    select
        topics.week_start,
        topics.person_key,
        topics.theme_code,
        topics.theme_turn_count,
        topics.square_sum,
        topics.last_act_week,
        people.reach_ratio,
        people.vector_number
    from {{ ref('int_person_topics__weighed') }} as topics
    inner join people
        on
            topics.week_start = people.week_start
            and topics.person_key = people.person_key

),

-- The liveliest conversations of each week that are mainly about a theme.
discussions as (

    select
        conversations.week_start,
        conversations.theme_code,
        conversations.conversation_key,
        row_number() over (
            order by conversations.week_start, conversations.theme_code, conversations.conversation_key
        ) as discussion_number
    from {{ ref('int_conversation_topics__weighed') }} as conversations
    cross join thresholds
    where
        conversations.is_fresh
        and conversations.theme_rank = 1
    qualify
        row_number() over (
            partition by conversations.week_start, conversations.theme_code
            order by
                conversations.last_act_week desc,
                conversations.theme_turn_count desc,
                conversations.conversation_key
        ) <= max(thresholds.suggestion_discussion_maximum) over ()

),

-- One row per discussion and theme that was named in it.
discussion_topics as (

    select
        discussions.week_start,
        discussions.theme_code,
        discussions.discussion_number,
        vectors.theme_code as vector_theme_code,
        vectors.theme_turn_count,
        vectors.square_sum
    from discussions
    inner join {{ ref('int_conversation_topics__weighed') }} as vectors
        on
            discussions.week_start = vectors.week_start
            and discussions.conversation_key = vectors.conversation_key

),

interested as (

    select topics.*
    from topics
    cross join thresholds
    where topics.theme_turn_count >= thresholds.suggestion_interest_minimum_count

),

-- One row per interested person and discussion; the product of both vectors.
multiplied as (

    select
        interested.vector_number,
        discussion_topics.discussion_number,
        sum(topics.theme_turn_count * discussion_topics.theme_turn_count) as product,
        max(interested.square_sum) as square_sum,
        max(discussion_topics.square_sum) as discussion_square_sum
    from interested
    inner join discussion_topics
        on
            interested.week_start = discussion_topics.week_start
            and interested.theme_code = discussion_topics.theme_code
    inner join topics
        on
            interested.vector_number = topics.vector_number
            and discussion_topics.vector_theme_code = topics.theme_code
    group by
        interested.vector_number,
        discussion_topics.discussion_number

),

fitted as (

    select
        discussions.week_start,
        discussions.theme_code,
        discussions.conversation_key,
        multiplied.vector_number,
        multiplied.discussion_number,
        {{ cosine('multiplied.product', 'multiplied.square_sum', 'multiplied.discussion_square_sum') }}
            as match_ratio
    from multiplied
    inner join discussions
        on multiplied.discussion_number = discussions.discussion_number

),

discussed as (

    select conversation_key
    from discussions
    group by conversation_key

),

-- One row per person and discussion that they took a turn in.
turns as (

    select
        interactions.person_key,
        interactions.thread_key as conversation_key,
        min(interactions.occurred_week) as first_week
    from {{ ref('fct_interactions') }} as interactions
    inner join discussed
        on interactions.thread_key = discussed.conversation_key
    where
        interactions.person_key is not null
        and interactions.occurred_at < {{ observed_until() }}
    group by
        interactions.person_key,
        interactions.thread_key

),

-- One row per person and discussion that they had taken a turn in by then.
joined as (

    select
        people.vector_number,
        discussions.discussion_number
    from turns
    inner join discussions
        on
            turns.conversation_key = discussions.conversation_key
            and turns.first_week <= discussions.week_start
    inner join people
        on
            discussions.week_start = people.week_start
            and turns.person_key = people.person_key

),

-- The best discussion that the person is not in yet, else the best one.
chosen as (

    select
        fitted.vector_number,
        fitted.theme_code,
        fitted.conversation_key,
        fitted.match_ratio,
        joined.vector_number is not null as is_done
    from fitted
    left join joined
        on
            fitted.vector_number = joined.vector_number
            and fitted.discussion_number = joined.discussion_number
    qualify
        row_number() over (
            partition by fitted.vector_number, fitted.theme_code
            order by
                joined.vector_number is not null,
                fitted.match_ratio desc,
                fitted.conversation_key
        ) = 1

),

-- Conversations that somebody began no longer ago than any list looks back.
creations as (

    select
        interactions.interaction_key,
        interactions.person_key,
        interactions.occurred_week
    from {{ ref('fct_interactions') }} as interactions
    cross join thresholds
    where
        interactions.verb_code = 'create'
        and interactions.person_key is not null
        and interactions.occurred_at < {{ observed_until() }}
        and interactions.occurred_week
        > {{ days_later(
            built_week(), '-7 * (thresholds.suggestion_history_weeks + thresholds.suggestion_fresh_weeks)'
        ) }}

),

-- One row per person, theme and week in which they began a conversation on it.
begun as (

    select
        creations.person_key,
        themes.theme_code,
        creations.occurred_week
    from creations
    inner join {{ ref('fct_interaction_themes') }} as themes
        on creations.interaction_key = themes.interaction_key
    group by
        creations.person_key,
        themes.theme_code,
        creations.occurred_week

),

leaders as (

    select
        interested.vector_number,
        interested.theme_code
    from interested
    cross join thresholds
    inner join begun
        on
            interested.person_key = begun.person_key
            and interested.theme_code = begun.theme_code
            and begun.occurred_week <= interested.week_start
            and begun.occurred_week
            > {{ days_later('interested.week_start', '-7 * thresholds.suggestion_fresh_weeks') }}
    group by
        interested.vector_number,
        interested.theme_code

),

invited as (

    select
        interested.week_start,
        'invite' as kind_code,
        interested.theme_code,
        interested.person_key,
        chosen.conversation_key,
        cast(null as varchar) as asset_key,
        case when chosen.conversation_key is null then 'could_start_discussion' else 'fits_discussion' end
            as reason_code,
        coalesce(
            chosen.match_ratio,
            {{ cosine('interested.theme_turn_count', 'interested.square_sum', '1') }}
        ) as match_ratio,
        interested.theme_turn_count,
        interested.last_act_week,
        interested.reach_ratio,
        coalesce(chosen.is_done, false) as is_done,
        leaders.vector_number is not null as is_leading
    from interested
    left join chosen
        on
            interested.vector_number = chosen.vector_number
            and interested.theme_code = chosen.theme_code
    left join leaders
        on
            interested.vector_number = leaders.vector_number
            and interested.theme_code = leaders.theme_code

)

select * from invited
