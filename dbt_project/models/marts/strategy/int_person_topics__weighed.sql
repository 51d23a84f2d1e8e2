{{ config(schema='intermediate', contract={'enforced': false}) }}
-- What each person talked about in the weeks up to each week: the vector of themes that
-- interests are compared by. Nobody without a theme has a vector, nor who named none often
-- enough to be suggested for it.
with

thresholds as (

    select
        suggestion_history_weeks,
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

-- What is older than the first week looks back is not read.
turns as (

    select
        interactions.interaction_key,
        interactions.person_key,
        interactions.occurred_week
    from {{ ref('fct_interactions') }} as interactions
    cross join thresholds
    where
        interactions.actor_class_code not in ('org', 'employee')
        and interactions.person_key is not null
        and interactions.occurred_at < {{ observed_until() }}
        and interactions.occurred_week
        > {{ days_later(
            built_week(), '-7 * (thresholds.suggestion_history_weeks + thresholds.suggestion_interest_weeks)'
        ) }}

),

-- One row per person, theme and week with a turn on it.
spoken as (

    select
        turns.person_key,
        themes.theme_code,
        turns.occurred_week,
        count(*) as theme_turn_count
    from turns
    inner join {{ ref('fct_interaction_themes') }} as themes
        on turns.interaction_key = themes.interaction_key
    group by
        turns.person_key,
        themes.theme_code,
        turns.occurred_week

),

people as (

    select
        person_key,
        row_number() over (order by person_key) as person_number
    from spoken
    group by person_key

),

numbered as (

    select
        people.person_number,
        spoken.theme_code,
        spoken.occurred_week,
        spoken.theme_turn_count
    from spoken
    inner join people
        on spoken.person_key = people.person_key

),

-- One row per week, person and theme.
counted as (

    select
        weeks.week_start,
        numbered.person_number,
        numbered.theme_code,
        cast(sum(numbered.theme_turn_count) as bigint) as theme_turn_count,
        max(numbered.occurred_week) as last_act_week
    from weeks
    cross join thresholds
    inner join numbered
        on
            numbered.occurred_week <= weeks.week_start
            and numbered.occurred_week
            > {{ days_later('weeks.week_start', '-7 * thresholds.suggestion_interest_weeks') }}
    group by
        weeks.week_start,
        numbered.person_number,
        numbered.theme_code

),

interested as (

    select
        counted.week_start,
        counted.person_number,
        cast(sum(counted.theme_turn_count * counted.theme_turn_count) as bigint) as square_sum
    from counted
    cross join thresholds
    group by
        counted.week_start,
        counted.person_number
    having max(counted.theme_turn_count) >= max(thresholds.suggestion_interest_minimum_count)

),

-- Same grain: a person has one sum a week.
weighed as (

    select
        counted.week_start,
        people.person_key,
        counted.theme_code,
        counted.theme_turn_count,
        counted.last_act_week,
        interested.square_sum
    from counted
    inner join interested
        on
            counted.week_start = interested.week_start
            and counted.person_number = interested.person_number
    inner join people
        on counted.person_number = people.person_number

)

select * from weighed
