{{ config(schema='intermediate', contract={'enforced': false}) }}
-- The days on which somebody's level can change: days with an act by the person, in words or
-- without, for those who can rise also with one towards the person, and the last days of
-- months whose review can find something gone. A review that finds what the one before it
-- found is not listed. Nor is any other day: a mood that rises when an old text leaves its
-- window counts at the next of these days.
with

act_days as (

    select
        person_key,
        occurred_date,
        has_turn,
        scored_text_count,
        compound_points
    from {{ ref('int_funnel_act_days__counted') }}

),

people as (

    select
        person_key,
        person_number,
        first_act_on,
        can_participate,
        can_rise
    from {{ ref('int_funnel_people__numbered') }}

),

contacts as (

    select
        person_key,
        contacted_date
    from {{ ref('fct_funnel_contacts') }}

),

interactions as (

    select
        parent_person_key as person_key,
        occurred_date
    from {{ ref('fct_interactions') }}
    where parent_person_key is not null

),

weeks as (

    select week_start
    from {{ ref('dim_weeks') }}

),

rules as (

    select *
    from {{ ref('dim_funnel_rules') }}

),

last_day as (

    select max(week_start) + 6 as closed_on
    from weeks

),

-- What an act leaves behind is gone after so many days, and an exchange after so many
-- months, by whichever version of a rule.
horizons as (

    select
        max(greatest(
            coalesce(window_days, 0), coalesce(sentiment_days, 0),
            case when rule_id <> 'observed' then coalesce(exit_days, 0) else 0 end
        )) as horizon_days,
        max(coalesce(window_months, 0)) as horizon_months
    from rules
    where rule_id in ('observed', 'participating', 'identified', 'activated', 'nurtured', 'empowered', 'advocate')

),

months as (

    select {{ month_end('weeks.week_start') }} as reviewed_on
    from weeks
    cross join last_day
    where {{ month_end('weeks.week_start') }} < last_day.closed_on
    group by {{ month_end('weeks.week_start') }}

),

-- One row per person and day with an act, the next such day, and the next with words.
acts as (

    select
        people.person_number,
        people.can_participate,
        people.can_rise,
        act_days.occurred_date,
        act_days.has_turn,
        act_days.scored_text_count,
        act_days.compound_points,
        lead(act_days.occurred_date) over of_person as next_act_on,
        min(case when act_days.has_turn then act_days.occurred_date end) over (
            of_person rows between 1 following and unbounded following
        ) as next_turn_on
    from act_days
    inner join people
        on act_days.person_key = people.person_key
    window of_person as (
        partition by people.person_number
        order by act_days.occurred_date
    )

),

-- Where a silence begins that is long enough to be noticed by a review of the month: of
-- any act for observed, of words for every other rule.
silences as (

    {% for rule, next_on, condition in [
        ('observed', 'next_act_on', 'true'),
        ('participating', 'next_turn_on', 'has_turn'),
    ] -%}
    select
        '{{ rule }}' as rule_id,
        person_number,
        can_participate,
        can_rise,
        occurred_date,
        {{ next_on }} as ended_on
    from acts
    where
        {{ condition }}
        and (
            {{ next_on }} is null
            or {{ month_start(next_on) }} > {{ month_start('occurred_date') }}
        )
    {{- '\n\n    union all\n\n    ' if not loop.last }}
    {%- endfor %}

),

-- One row per silence and version of its rule, with the day on which it is long enough.
noticed as (

    select
        silences.person_number,
        silences.ended_on,
        rules.valid_from,
        rules.valid_to,
        {{ days_later('silences.occurred_date', 'rules.exit_days') }} as noticed_on
    from silences
    inner join rules
        on silences.rule_id = rules.rule_id
    where silences.rule_id = 'observed' or silences.can_participate

),

-- The first review that finds nobody acting for the exit window of observed, or of
-- participating; of a month of 28 days also the second.
lapses as (

    {% for review in [
        month_end('noticed.noticed_on'),
        month_end(days_later(month_end('noticed.noticed_on'), 1)),
    ] -%}
    select
        noticed.person_number,
        months.reviewed_on as evaluated_on
    from noticed
    inner join months
        on
            months.reviewed_on = {{ review }}
            and months.reviewed_on between noticed.valid_from and noticed.valid_to
            and months.reviewed_on <= {{ days_later('noticed.noticed_on', 30) }}
            and (months.reviewed_on < noticed.ended_on or noticed.ended_on is null)
    {{- '\n\n    union all\n\n    ' if not loop.last }}
    {%- endfor %}

),

-- Of those who can rise, every review until nothing is left of the last words.
reviews as (

    select
        silences.person_number,
        months.reviewed_on as evaluated_on
    from silences
    cross join horizons
    inner join months
        on
            silences.occurred_date <= months.reviewed_on
            and (months.reviewed_on < silences.ended_on or silences.ended_on is null)
            and (
                months.reviewed_on <= {{ month_end(days_later('silences.occurred_date', 'horizons.horizon_days')) }}
                or {{ month_number('months.reviewed_on') }}
                <= {{ month_number('silences.occurred_date') }} + horizons.horizon_months
            )
    where
        silences.rule_id = 'participating'
        and silences.can_rise

),

-- The first review of a new version of a rule concerns everybody.
renewals as (

    select
        people.person_number,
        months.reviewed_on as evaluated_on
    from months
    inner join rules
        on
            rules.stage_number is not null
            and {{ month_start('months.reviewed_on') }} = {{ month_start('rules.valid_from') }}
    inner join people
        on months.reviewed_on >= people.first_act_on

),

listed as (

    select
        person_number,
        occurred_date as evaluated_on,
        true as has_act,
        has_turn,
        false as is_review,
        scored_text_count,
        compound_points
    from acts

    {% for relation, day in [('interactions', 'occurred_date'), ('contacts', 'contacted_date')] -%}
    union all

    select
        people.person_number,
        {{ relation }}.{{ day }} as evaluated_on,
        false as has_act,
        false as has_turn,
        false as is_review,
        0 as scored_text_count,
        0 as compound_points
    from {{ relation }}
    inner join people
        on
            people.can_rise
            and {{ relation }}.person_key = people.person_key
            and {{ relation }}.{{ day }} >= people.first_act_on

    {% endfor -%}
    {% for relation in ['lapses', 'reviews', 'renewals'] -%}
    union all

    select
        person_number,
        evaluated_on,
        false as has_act,
        false as has_turn,
        true as is_review,
        0 as scored_text_count,
        0 as compound_points
    from {{ relation }}
    {{ '\n\n    ' if not loop.last }}
    {%- endfor %}

),

days as (

    select
        listed.person_number,
        listed.evaluated_on,
        bool_or(listed.has_act) as has_act,
        bool_or(listed.has_turn) as has_turn,
        -- Whatever lists it, the last day of a month is one.
        bool_or(listed.is_review)
        or listed.evaluated_on in (select reviewed_on from months) as is_review,
        cast(sum(listed.scored_text_count) as integer) as scored_text_count,
        cast(sum(listed.compound_points) as bigint) as compound_points
    from listed
    cross join last_day
    where listed.evaluated_on <= last_day.closed_on
    group by
        listed.person_number,
        listed.evaluated_on

)

select * from days
