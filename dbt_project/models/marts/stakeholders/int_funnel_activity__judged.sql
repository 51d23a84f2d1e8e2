{{ config(schema='intermediate', contract={'enforced': false}) }}
{%- set so_far = 'rows between unbounded preceding and current row' %}
-- Observed, participating and identified: what a person's own acts show on each day
-- on which their level can change. A like keeps somebody observed and is no active day.
with

days as (

    select
        person_number,
        evaluated_on,
        has_act,
        has_turn,
        is_review,
        scored_text_count,
        compound_points
    from {{ ref('int_funnel_days__listed') }}

),

people as (

    select
        person_key,
        person_number
    from {{ ref('int_funnel_people__numbered') }}
    where can_identify

),

acts as (

    select
        person_key,
        thread_key,
        occurred_date
    from {{ ref('fct_funnel_acts') }}
    where thread_key is not null

),

rules as (

    select *
    from {{ ref('dim_funnel_rules') }}

),

-- One row per stretch of days in which no rule changes.
eras as (

    select
        cast(row_number() over (
            order by greatest(observed.valid_from, participating.valid_from, identified.valid_from)
        ) as integer) as era_number,
        greatest(observed.valid_from, participating.valid_from, identified.valid_from) as valid_from,
        least(observed.valid_to, participating.valid_to, identified.valid_to) as valid_to,
        observed.exit_days as observed_exit_days,
        participating.window_days as participating_window_days,
        participating.minimum_active_days as participating_minimum_days,
        participating.exit_days as participating_exit_days,
        identified.window_days as identified_window_days,
        identified.sentiment_days,
        identified.minimum_active_days as identified_minimum_days,
        identified.minimum_threads,
        identified.minimum_scored_texts,
        identified.minimum_mean_score
    from rules as observed
    inner join rules as participating
        on
            participating.rule_id = 'participating'
            and participating.valid_from <= observed.valid_to
            and participating.valid_to >= observed.valid_from
    inner join rules as identified
        on
            identified.rule_id = 'identified'
            and identified.valid_from <= least(observed.valid_to, participating.valid_to)
            and identified.valid_to >= greatest(observed.valid_from, participating.valid_from)
    where observed.rule_id = 'observed'

),

-- One row per person, thread and day, with the days of the person in the thread around it.
thread_days as (

    select
        people.person_number,
        acts.occurred_date,
        lag(acts.occurred_date) over in_thread as earlier_on,
        lead(acts.occurred_date) over in_thread as later_on
    from acts
    inner join people
        on acts.person_key = people.person_key
    group by
        people.person_number,
        acts.thread_key,
        acts.occurred_date
    window in_thread as (
        partition by people.person_number, acts.thread_key
        order by acts.occurred_date
    )

),

-- Threads that the day brings into the window, and those of which it is the last day: they
-- leave when the window has passed it.
thread_changes as (

    select
        thread_days.person_number,
        thread_days.occurred_date,
        eras.era_number,
        count(case
            when {{ days_later('earlier_on', 'eras.identified_window_days') }} > occurred_date then null
            else 1
        end) as new_count,
        count(case
            when {{ days_later('occurred_date', 'eras.identified_window_days') }} > later_on then null
            else 1
        end) as leaving_count
    from thread_days
    cross join eras
    group by
        thread_days.person_number,
        thread_days.occurred_date,
        eras.era_number

),

-- One row per person, day and era: what the windows of the era hold on the day.
windowed as (

    select
        days.person_number,
        days.evaluated_on,
        days.has_act,
        days.is_review,
        eras.era_number,
        max(case when days.has_act then days.evaluated_on end) over (of_person {{ so_far }})
            as last_act_on,
        max(case when days.has_turn then days.evaluated_on end) over (of_person {{ so_far }})
            as last_turn_on,
        count(case when days.has_turn then 1 end) over (
            of_person {{ last_days('eras.participating_window_days') }}
        ) as participating_day_count,
        count(case when days.has_turn then 1 end) over (
            of_person {{ last_days('eras.identified_window_days') }}
        ) as identified_day_count,
        cast(sum(days.scored_text_count) over (of_person {{ last_days('eras.sentiment_days') }}) as bigint)
            as scored_text_count,
        cast(sum(days.compound_points) over (of_person {{ last_days('eras.sentiment_days') }}) as bigint)
            as compound_points,
        cast(sum(thread_changes.new_count) over (of_person {{ so_far }}) as bigint) as new_count,
        cast(sum(thread_changes.leaving_count) over (
            of_person range between unbounded preceding and eras.identified_window_days preceding
        ) as bigint) as left_count
    from days
    cross join eras
    left join thread_changes
        on
            days.has_turn
            and days.person_number = thread_changes.person_number
            and days.evaluated_on = thread_changes.occurred_date
            and eras.era_number = thread_changes.era_number
    window of_person as (
        partition by days.person_number, eras.era_number
        order by cast({{ day_count_between("date '2000-01-01'", 'days.evaluated_on') }} as integer)
    )

),

-- A review that finds no turn for the exit window ends the stay: participating has to
-- be earned again. Between reviews a silence costs nothing.
reviewed as (

    select
        windowed.*,
        windowed.participating_day_count >= eras.participating_minimum_days as has_earned,
        windowed.is_review
        and windowed.last_turn_on <= {{ days_earlier('windowed.evaluated_on', 'eras.participating_exit_days') }}
            as has_lapsed
    from windowed
    inner join eras
        on
            windowed.era_number = eras.era_number
            and windowed.evaluated_on between eras.valid_from and eras.valid_to

),

stayed as (

    select
        reviewed.*,
        max(case when has_earned then evaluated_on end) over (of_person {{ so_far }}) as last_earned_on,
        max(case when has_lapsed then evaluated_on end) over (of_person {{ so_far }}) as last_lapsed_on,
        new_count - coalesce(left_count, 0) as identified_thread_count,
        round(compound_points / 10000.0 / nullif(scored_text_count, 0), 9) as mean_compound_score
    from reviewed
    window of_person as (partition by person_number order by evaluated_on)

)

select
    stayed.person_number,
    stayed.evaluated_on,
    stayed.has_act,
    stayed.is_review,
    stayed.last_act_on,
    stayed.last_turn_on,
    stayed.participating_day_count,
    stayed.identified_day_count,
    stayed.identified_thread_count,
    stayed.scored_text_count,
    stayed.mean_compound_score,
    stayed.last_act_on > {{ days_earlier('stayed.evaluated_on', 'eras.observed_exit_days') }} as is_observed,
    not stayed.has_lapsed
    and coalesce(
        stayed.last_earned_on >= coalesce(stayed.last_lapsed_on, stayed.last_earned_on), false
    ) as is_participating,
    stayed.identified_day_count >= eras.identified_minimum_days
    and coalesce(stayed.identified_thread_count >= eras.minimum_threads, false)
    and stayed.scored_text_count >= eras.minimum_scored_texts
    and coalesce(stayed.mean_compound_score >= eras.minimum_mean_score, false) as is_identified
from stayed
inner join eras
    on stayed.era_number = eras.era_number
