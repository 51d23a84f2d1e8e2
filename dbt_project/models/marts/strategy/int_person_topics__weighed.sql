{{ config(schema='intermediate', contract={'enforced': false}) }}
-- What each person talked about in the weeks up to each week: the vector of themes that
-- interests are compared by. Nobody without a theme has a vector, nor who named none often
-- enough to be suggested for it.
with

thresholds as (

    select
        suggestion_interest_weeks,
        suggestion_interest_minimum_count
    from {{ ref('int_thresholds__pivoted') }}

),

weeks as (

    select
        week_start,
        max(closed_on) as closed_on
    from {{ ref('int_suggestion_themes__dated') }}
    group by week_start

),

-- One row per person, theme and week with a turn on it.
spoken as (

    select
        interactions.person_key,
        themes.theme_code,
        interactions.occurred_week,
        count(*) as theme_turn_count
    from {{ ref('fct_interactions') }} as interactions
    inner join {{ ref('fct_interaction_themes') }} as themes
        on interactions.interaction_key = themes.interaction_key
    where
        interactions.actor_class_code not in ('org', 'employee')
        and interactions.person_key is not null
        and interactions.occurred_at < {{ observed_until() }}
    group by
        interactions.person_key,
        themes.theme_code,
        interactions.occurred_week

),

-- One row per week, person and theme.
counted as (

    select
        weeks.week_start,
        spoken.person_key,
        spoken.theme_code,
        cast(sum(spoken.theme_turn_count) as bigint) as theme_turn_count,
        max(spoken.occurred_week) as last_act_week
    from weeks
    cross join thresholds
    inner join spoken
        on
            spoken.occurred_week <= weeks.week_start
            and spoken.occurred_week
            > {{ days_later('weeks.week_start', '-7 * thresholds.suggestion_interest_weeks') }}
    group by
        weeks.week_start,
        spoken.person_key,
        spoken.theme_code

),

interested as (

    select
        counted.week_start,
        counted.person_key,
        cast(sum(counted.theme_turn_count * counted.theme_turn_count) as bigint) as square_sum
    from counted
    cross join thresholds
    group by
        counted.week_start,
        counted.person_key
    having max(counted.theme_turn_count) >= max(thresholds.suggestion_interest_minimum_count)

),

-- Same grain: a person has one sum a week.
weighed as (

    select
        counted.week_start,
        counted.person_key,
        counted.theme_code,
        counted.theme_turn_count,
        counted.last_act_week,
        interested.square_sum
    from counted
    inner join interested
        on
            counted.week_start = interested.week_start
            and counted.person_key = interested.person_key

)

select * from weighed
