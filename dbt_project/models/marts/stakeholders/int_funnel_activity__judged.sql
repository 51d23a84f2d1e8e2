{{ config(schema='intermediate', contract={'enforced': false}) }}
-- Observed, participating and identified: what a person's own acts show on each day
-- on which their level can change.
with

days as (

    select
        person_key,
        evaluated_on,
        has_act,
        is_review
    from {{ ref('int_funnel_days__listed') }}

),

acts as (

    select
        person_key,
        thread_key,
        occurred_date,
        compound_points
    from {{ ref('fct_funnel_acts') }}

),

rules as (

    select *
    from {{ ref('dim_funnel_rules') }}

),

dated as (

    select
        days.person_key,
        days.evaluated_on,
        days.has_act,
        days.is_review,
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
    from days
    inner join rules as observed
        on
            observed.rule_id = 'observed'
            and days.evaluated_on between observed.valid_from and observed.valid_to
    inner join rules as participating
        on
            participating.rule_id = 'participating'
            and days.evaluated_on between participating.valid_from and participating.valid_to
    inner join rules as identified
        on
            identified.rule_id = 'identified'
            and days.evaluated_on between identified.valid_from and identified.valid_to

),

-- One row per person and day; the join brings the acts of the widest window.
counted as (

    select
        dated.person_key,
        dated.evaluated_on,
        count(distinct case
            when acts.occurred_date > dated.evaluated_on - dated.participating_window_days
                then acts.occurred_date
        end) as participating_day_count,
        count(distinct case
            when acts.occurred_date > dated.evaluated_on - dated.identified_window_days
                then acts.occurred_date
        end) as identified_day_count,
        count(distinct case
            when acts.occurred_date > dated.evaluated_on - dated.identified_window_days
                then acts.thread_key
        end) as identified_thread_count,
        count(case
            when acts.occurred_date > dated.evaluated_on - dated.sentiment_days
                then acts.compound_points
        end) as scored_text_count,
        cast(sum(case
            when acts.occurred_date > dated.evaluated_on - dated.sentiment_days
                then acts.compound_points
        end) as bigint) as compound_points
    from dated
    left join acts
        on
            dated.person_key = acts.person_key
            and acts.occurred_date <= dated.evaluated_on
            and acts.occurred_date > dated.evaluated_on - greatest(
                dated.participating_window_days,
                dated.identified_window_days,
                dated.sentiment_days
            )
    group by
        dated.person_key,
        dated.evaluated_on

),

measured as (

    select
        dated.*,
        counted.participating_day_count,
        counted.identified_day_count,
        counted.identified_thread_count,
        counted.scored_text_count,
        round(counted.compound_points / 10000.0 / nullif(counted.scored_text_count, 0), 9)
            as mean_compound_score,
        max(case when dated.has_act then dated.evaluated_on end) over (
            partition by dated.person_key
            order by dated.evaluated_on
            rows between unbounded preceding and current row
        ) as last_act_on
    from dated
    inner join counted
        on
            dated.person_key = counted.person_key
            and dated.evaluated_on = counted.evaluated_on

),

-- A review that finds no act for the exit window ends the stay: participating has to
-- be earned again. Between reviews a silence costs nothing.
spelled as (

    select
        measured.*,
        is_review and last_act_on <= evaluated_on - participating_exit_days as has_lapsed,
        sum(case
            when is_review and last_act_on <= evaluated_on - participating_exit_days then 1
            else 0
        end) over (
            partition by person_key
            order by evaluated_on
            rows between unbounded preceding and current row
        ) as spell_number
    from measured

),

judged as (

    select
        person_key,
        evaluated_on,
        has_act,
        is_review,
        last_act_on,
        participating_day_count,
        identified_day_count,
        identified_thread_count,
        scored_text_count,
        mean_compound_score,
        last_act_on > evaluated_on - observed_exit_days as is_observed,
        not has_lapsed
        and max(case
            when participating_day_count >= participating_minimum_days then 1
            else 0
        end) over (
            partition by person_key, spell_number
            order by evaluated_on
            rows between unbounded preceding and current row
        ) = 1 as is_participating,
        identified_day_count >= identified_minimum_days
        and identified_thread_count >= minimum_threads
        and scored_text_count >= minimum_scored_texts
        and coalesce(mean_compound_score >= minimum_mean_score, false) as is_identified
    from spelled

)

select * from judged
