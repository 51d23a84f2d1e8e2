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

-- One row per stretch of days in which no rule changes.
eras as (

    select
        row_number() over (
            order by greatest(observed.valid_from, participating.valid_from, identified.valid_from)
        ) as era_number,
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

dated as (

    select
        days.person_key,
        days.evaluated_on,
        days.has_act,
        days.is_review,
        eras.era_number
    from days
    inner join eras
        on days.evaluated_on between eras.valid_from and eras.valid_to

),

-- One row per person and day with an act.
act_days as (

    select
        person_key,
        occurred_date,
        count(compound_points) as scored_text_count,
        cast(coalesce(sum(compound_points), 0) as bigint) as compound_points
    from acts
    group by
        person_key,
        occurred_date

),

-- One row per person, thread and day, with the next day of the person in the thread.
thread_days as (

    select
        person_key,
        occurred_date,
        lead(occurred_date) over (partition by person_key, thread_key order by occurred_date)
            as next_on
    from (
        select
            person_key,
            thread_key,
            occurred_date
        from acts
        where thread_key is not null
        group by
            person_key,
            thread_key,
            occurred_date
    ) as distinct_days

),

-- What enters a window on one day leaves it on another; a thread leaves when its last
-- day does, or enters anew. Joining each day with the acts of its window instead would
-- grow with the square of what a busy person says.
changes as (

    {% set columns = [
        'participating_day_count', 'identified_day_count', 'identified_thread_count',
        'scored_text_count', 'compound_points',
    ] -%}
    {% set steps = [
        ('act_days', 'occurred_date', ['1', '1', '0', 'scored_text_count', 'compound_points']),
        ('act_days', 'occurred_date + eras.participating_window_days', ['-1', '0', '0', '0', '0']),
        ('act_days', 'occurred_date + eras.identified_window_days', ['0', '-1', '0', '0', '0']),
        ('act_days', 'occurred_date + eras.sentiment_days', ['0', '0', '0', '-scored_text_count', '-compound_points']),
        ('thread_days', 'occurred_date', ['0', '0', '1', '0', '0']),
        (
            'thread_days',
            'least(coalesce(next_on, date \'9999-12-31\'), occurred_date + eras.identified_window_days)',
            ['0', '0', '-1', '0', '0'],
        ),
    ] -%}
    {% for relation, changed_on, values in steps %}
    select
        {{ relation }}.person_key,
        eras.era_number,
        {{ changed_on }} as changed_on,
        false as is_judged,
        false as has_act,
        false as is_review
        {%- for column in columns %},
        {{ values[loop.index0] }} as {{ column }}
        {%- endfor %}
    from {{ relation }}
    cross join eras

    union all
    {% endfor %}
    select
        person_key,
        era_number,
        evaluated_on as changed_on,
        true as is_judged,
        has_act,
        is_review
        {%- for column in columns %},
        0 as {{ column }}
        {%- endfor %}
    from dated

),

summed as (

    select
        person_key,
        era_number,
        changed_on,
        bool_or(is_judged) as is_judged,
        bool_or(has_act) as has_act,
        bool_or(is_review) as is_review
        {%- for column in columns %},
        sum({{ column }}) as {{ column }}
        {%- endfor %}
    from changes
    group by
        person_key,
        era_number,
        changed_on

),

running as (

    select
        person_key,
        era_number,
        changed_on,
        is_judged,
        has_act,
        is_review
        {%- for column in columns %},
        cast(sum({{ column }}) over (
            partition by person_key, era_number
            order by changed_on
            rows between unbounded preceding and current row
        ) as bigint) as {{ column }}
        {%- endfor %}
    from summed

),

-- One row per person and day: what its windows hold.
measured as (

    select
        person_key,
        era_number,
        changed_on as evaluated_on,
        has_act,
        is_review
        {%- for column in columns %},
        {{ column }}
        {%- endfor %},
        max(case when has_act then changed_on end) over (
            partition by person_key
            order by changed_on
            rows between unbounded preceding and current row
        ) as last_act_on
    from running
    where is_judged

),

-- A review that finds no act for the exit window ends the stay: participating has to
-- be earned again. Between reviews a silence costs nothing.
spelled as (

    select
        measured.*,
        measured.is_review
        and measured.last_act_on <= measured.evaluated_on - eras.participating_exit_days as has_lapsed,
        sum(case
            when
                measured.is_review
                and measured.last_act_on <= measured.evaluated_on - eras.participating_exit_days
                then 1
            else 0
        end) over (
            partition by measured.person_key
            order by measured.evaluated_on
            rows between unbounded preceding and current row
        ) as spell_number
    from measured
    inner join eras
        on measured.era_number = eras.era_number

),

stayed as (

    select
        spelled.*,
        not spelled.has_lapsed
        and max(case
            when spelled.participating_day_count >= eras.participating_minimum_days then 1
            else 0
        end) over (
            partition by spelled.person_key, spelled.spell_number
            order by spelled.evaluated_on
            rows between unbounded preceding and current row
        ) = 1 as is_participating,
        round(
            spelled.compound_points / 10000.0 / nullif(spelled.scored_text_count, 0), 9
        ) as mean_compound_score
    from spelled
    inner join eras
        on spelled.era_number = eras.era_number

),

judged as (

    select
        stayed.person_key,
        stayed.evaluated_on,
        stayed.has_act,
        stayed.is_review,
        stayed.last_act_on,
        stayed.participating_day_count,
        stayed.identified_day_count,
        stayed.identified_thread_count,
        stayed.scored_text_count,
        stayed.mean_compound_score,
        stayed.last_act_on > stayed.evaluated_on - eras.observed_exit_days as is_observed,
        stayed.is_participating,
        stayed.identified_day_count >= eras.identified_minimum_days
        and stayed.identified_thread_count >= eras.minimum_threads
        and stayed.scored_text_count >= eras.minimum_scored_texts
        and coalesce(stayed.mean_compound_score >= eras.minimum_mean_score, false) as is_identified
    from stayed
    inner join eras
        on stayed.era_number = eras.era_number

)

select * from judged
