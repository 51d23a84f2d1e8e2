{{ config(schema='intermediate', contract={'enforced': false}) }}
-- What each person talked about in the weeks up to each week: the vector of themes that
-- interests are compared by. Nobody without a theme has a vector.
with

thresholds as (

    select suggestion_interest_weeks
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

weighed as (

    select
        counted.*,
        cast(sum(theme_turn_count * theme_turn_count) over (partition by week_start, person_key) as bigint)
            as square_sum
    from counted

)

select * from weighed
