{{ config(schema='intermediate', contract={'enforced': false}) }}
-- The days on which somebody's level can change: days with an act by or towards the
-- person, and the last day of each month, whose level the monthly review reads.
-- A person x day grid would hold a hundred times as many rows. It would differ in one case:
-- a mood that rises when an old text leaves its window counts at the next of these days.
with

acts as (

    select
        person_key,
        occurred_date
    from {{ ref('fct_funnel_acts') }}

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

    select
        exit_days,
        valid_from,
        valid_to
    from {{ ref('dim_funnel_rules') }}
    where rule_id = 'observed'

),

people as (

    select
        person_key,
        min(occurred_date) as first_act_on
    from acts
    group by person_key

),

last_day as (

    select max(week_start) + 6 as closed_on
    from weeks

),

months as (

    select {{ month_end('weeks.week_start') }} as reviewed_on
    from weeks
    cross join last_day
    where {{ month_end('weeks.week_start') }} < last_day.closed_on
    group by {{ month_end('weeks.week_start') }}

),

-- One row per person and month with an act, and the last day with one.
active_months as (

    select
        person_key,
        max(occurred_date) as last_act_on
    from acts
    group by
        person_key,
        {{ month_start('occurred_date') }}

),

-- One row per person and month end of their presence, up to the review that lets
-- them go: the last act within the exit window and one month more.
reviews as (

    select
        active_months.person_key,
        months.reviewed_on as evaluated_on,
        false as has_act,
        true as is_review
    from months
    inner join rules
        on months.reviewed_on between rules.valid_from and rules.valid_to
    inner join active_months
        on
            active_months.last_act_on <= months.reviewed_on
            and active_months.last_act_on > {{ days_earlier('months.reviewed_on', 'rules.exit_days + 31') }}
    group by
        active_months.person_key,
        months.reviewed_on

),

listed as (

    select
        person_key,
        occurred_date as evaluated_on,
        true as has_act,
        false as is_review
    from acts

    union all

    select
        interactions.person_key,
        interactions.occurred_date as evaluated_on,
        false as has_act,
        false as is_review
    from interactions
    inner join people
        on
            interactions.person_key = people.person_key
            and interactions.occurred_date >= people.first_act_on

    union all

    select
        contacts.person_key,
        contacts.contacted_date as evaluated_on,
        false as has_act,
        false as is_review
    from contacts
    inner join people
        on
            contacts.person_key = people.person_key
            and contacts.contacted_date >= people.first_act_on

    union all

    select
        person_key,
        evaluated_on,
        has_act,
        is_review
    from reviews

),

days as (

    select
        listed.person_key,
        listed.evaluated_on,
        bool_or(listed.has_act) as has_act,
        bool_or(listed.is_review) as is_review
    from listed
    cross join last_day
    where listed.evaluated_on <= last_day.closed_on
    group by
        listed.person_key,
        listed.evaluated_on

)

select * from days
