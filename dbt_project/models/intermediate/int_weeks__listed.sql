-- From the first week with data to the reporting week. A post from before the first
-- export is history that this export happens to mention, and daily exports look back by
-- weeks: neither opens a week, unless there is nothing else.
with

interactions as (

    select min(occurred_date) as day
    from {{ ref('int_interactions__keyed') }}

),

posts as (

    select min(posted_date) as day
    from {{ ref('int_posts__attributed') }}
    where {{ seconds_between('posted_at', 'observed_at') }} <= 7 * 86400

),

account_days as (

    select min(activity_date) as day
    from {{ ref('int_account_days__attributed') }}

),

span as (

    select
        {{ reporting_week('coalesce(least(interactions.day, posts.day), account_days.day, ' ~ built_week() ~ ')') }}
            as first_week
    from interactions
    cross join posts
    cross join account_days

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
