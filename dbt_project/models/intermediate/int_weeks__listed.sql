-- From the first week with data to the reporting week. A post from before the first
-- export is history that the first export happens to mention; it opens no week.
with

first_days as (

    select min(occurred_date) as day
    from {{ ref('int_interactions__unioned') }}

    union all

    select min(activity_date) as day
    from {{ ref('int_account_days__unioned') }}

    union all

    select min(posted_date) as day
    from {{ ref('int_posts__attributed') }}
    where {{ seconds_between('posted_at', 'observed_at') }} <= 7 * 86400

),

span as (

    select
        {{ reporting_week('least(coalesce(min(day), ' ~ built_week() ~ '), ' ~ built_week() ~ ')') }}
            as first_week
    from first_days

),

days as (

    {{ days_between('(select first_week from span)', built_week()) }}

),

weeks as (

    select
        day as week_start,
        {{ week_label('day') }} as label
    from days
    where day = {{ reporting_week('day') }}

)

select * from weeks
