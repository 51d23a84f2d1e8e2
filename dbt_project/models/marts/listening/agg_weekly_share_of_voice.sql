-- Whom people name when they name one of the tracked entities, over all and per theme. A
-- message that names three of them is a third of a mention of each, so the shares of a
-- week add up to one; with authors likewise.
with

sets as (

    select * from {{ ref('int_tracked_weeks__defined') }}

),

named as (

    select
        mentions.interaction_key,
        mentions.person_key,
        mentions.entity_code,
        mentions.occurred_week as week_start
    from {{ ref('int_interaction_entities__matched') }} as mentions
    inner join {{ ref('fct_interactions') }} as interactions
        on mentions.interaction_key = interactions.interaction_key

),

themes as (

    select
        interaction_key,
        theme_code
    from {{ ref('fct_interaction_themes') }}

),

mentions as (

    select
        named.*,
        'all' as theme_code
    from named

    union all

    select
        named.*,
        themes.theme_code
    from named
    inner join themes
        on named.interaction_key = themes.interaction_key

),

messages as (

    select
        week_start,
        theme_code,
        interaction_key,
        count(*) as entity_count
    from mentions
    group by
        week_start,
        theme_code,
        interaction_key

),

authors as (

    select
        week_start,
        theme_code,
        person_key,
        count(distinct entity_code) as entity_count
    from mentions
    group by
        week_start,
        theme_code,
        person_key

),

tracked as (

    select
        messages.week_start,
        messages.theme_code,
        max(messages.message_count) as tracked_mention_count,
        count(*) as tracked_author_count
    from authors
    inner join (
        select
            week_start,
            theme_code,
            count(*) as message_count
        from messages
        group by
            week_start,
            theme_code
    ) as messages
        on
            authors.week_start = messages.week_start
            and authors.theme_code = messages.theme_code
    group by
        messages.week_start,
        messages.theme_code

),

-- One row per week, theme and entity.
message_parts as (

    select
        mentions.week_start,
        mentions.theme_code,
        mentions.entity_code,
        count(*) as named_count,
        sum(1.0 / messages.entity_count) as mention_points
    from mentions
    inner join messages
        on
            mentions.week_start = messages.week_start
            and mentions.theme_code = messages.theme_code
            and mentions.interaction_key = messages.interaction_key
    group by
        mentions.week_start,
        mentions.theme_code,
        mentions.entity_code

),

author_parts as (

    select
        named_by.week_start,
        named_by.theme_code,
        named_by.entity_code,
        count(*) as author_count,
        sum(1.0 / authors.entity_count) as author_points
    from (
        select distinct
            week_start,
            theme_code,
            entity_code,
            person_key
        from mentions
    ) as named_by
    inner join authors
        on
            named_by.week_start = authors.week_start
            and named_by.theme_code = authors.theme_code
            and named_by.person_key = authors.person_key
    group by
        named_by.week_start,
        named_by.theme_code,
        named_by.entity_code

),

-- Every tracked entity has a row in a week, also one that nobody named.
known_themes as (

    select
        'all' as theme_code,
        cast(null as date) as week_start

    union all

    select
        theme_code,
        week_start
    from tracked
    where theme_code <> 'all'

),

joined as (

    select
        sets.week_start,
        known_themes.theme_code,
        sets.entity_code,
        sets.is_own,
        sets.tracked_entity_count,
        sets.set_version,
        sets.is_definition_break,
        coalesce(message_parts.named_count, 0) as named_count,
        cast(coalesce(message_parts.mention_points, 0) as double) as mention_points,
        coalesce(tracked.tracked_mention_count, 0) as tracked_mention_count,
        coalesce(author_parts.author_count, 0) as author_count,
        cast(coalesce(author_parts.author_points, 0) as double) as author_points,
        coalesce(tracked.tracked_author_count, 0) as tracked_author_count
    from sets
    inner join known_themes
        on
            known_themes.week_start is null
            or sets.week_start = known_themes.week_start
    left join tracked
        on
            sets.week_start = tracked.week_start
            and known_themes.theme_code = tracked.theme_code
    left join message_parts
        on
            sets.week_start = message_parts.week_start
            and known_themes.theme_code = message_parts.theme_code
            and sets.entity_code = message_parts.entity_code
    left join author_parts
        on
            sets.week_start = author_parts.week_start
            and known_themes.theme_code = author_parts.theme_code
            and sets.entity_code = author_parts.entity_code

)

select
    week_start,
    theme_code,
    entity_code,
    is_own,
    named_count,
    round(mention_points, 9) as mention_points,
    tracked_mention_count,
    case
        when tracked_entity_count >= 2
            then round({{ safe_ratio('mention_points', 'tracked_mention_count') }}, 9)
    end as message_voice_ratio,
    author_count,
    round(author_points, 9) as author_points,
    tracked_author_count,
    case
        when tracked_entity_count >= 2
            then round({{ safe_ratio('author_points', 'tracked_author_count') }}, 9)
    end as author_voice_ratio,
    tracked_entity_count,
    set_version,
    is_definition_break
from joined
