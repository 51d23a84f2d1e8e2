-- How many more followers than usual left in the 48 hours after a post. Platforms count
-- followers by the day, so the day of the post and the next stand for the 48 hours and
-- the same two weekdays of earlier weeks for the same hours. Nearness, not cause.
with

posts as (

    select
        post_key,
        platform_code,
        account_key,
        posted_week,
        {{ local_date('posted_at') }} as window_start
    from {{ ref('dim_posts') }}

),

flow as (

    select
        account_key,
        flow_date,
        lost_count
    from {{ ref('fct_follower_flow') }}

),

purges as (

    select
        platform_code,
        flow_date
    from {{ ref('fct_follower_purges') }}
    where is_purge

),

rules as (

    select
        {%- for parameter in ['window_days', 'baseline_weeks', 'minimum_windows'] %}
        cast(max(case when parameter_name = '{{ parameter }}' then parameter_value end) as integer)
            as {{ parameter }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ref('int_signal_rules__dated') }}
    where rule_id = 'post_loss'

),

-- One row per account and first day of a window of which every day is known.
windows as (

    select
        flow.account_key,
        flow.flow_date as window_start,
        sum(later.lost_count) as lost_count
    from flow
    cross join rules
    inner join flow as later
        on
            flow.account_key = later.account_key
            and later.flow_date between flow.flow_date and {{ days_later('flow.flow_date', 'rules.window_days - 1') }}
    group by
        flow.account_key,
        flow.flow_date,
        rules.window_days
    having count(later.lost_count) = rules.window_days

),

-- One row per account and day with a post: what the weeks before make usual.
post_days as (

    select distinct
        platform_code,
        account_key,
        window_start
    from posts

),

expected as (

    select
        post_days.account_key,
        post_days.window_start,
        count(*) as baseline_window_count,
        {{ median_of('earlier.lost_count') }} as usual_lost_count
    from post_days
    cross join rules
    inner join windows as earlier
        on
            post_days.account_key = earlier.account_key
            and earlier.window_start < post_days.window_start
            and earlier.window_start >= {{ days_earlier('post_days.window_start', '7 * rules.baseline_weeks') }}
            and {{ day_count_between('earlier.window_start', 'post_days.window_start') }} % 7 = 0
    group by
        post_days.account_key,
        post_days.window_start

),

purged as (

    select distinct
        post_days.account_key,
        post_days.window_start
    from post_days
    cross join rules
    inner join purges
        on
            post_days.platform_code = purges.platform_code
            and purges.flow_date
            between post_days.window_start and {{ days_later('post_days.window_start', 'rules.window_days - 1') }}

),

-- Posts whose windows share a day, the post itself among them.
overlapping as (

    select
        posts.post_key,
        count(*) as overlapping_post_count
    from posts
    cross join rules
    inner join posts as others
        on
            posts.account_key = others.account_key
            and others.window_start > {{ days_earlier('posts.window_start', 'rules.window_days') }}
            and others.window_start < {{ days_later('posts.window_start', 'rules.window_days') }}
    group by posts.post_key

),

joined as (

    select
        posts.post_key,
        posts.platform_code,
        posts.account_key,
        posts.posted_week,
        posts.window_start,
        {{ days_later('posts.window_start', 'rules.window_days - 1') }} as window_end,
        cast(windows.lost_count as bigint) as lost_count,
        coalesce(expected.baseline_window_count, 0) as baseline_window_count,
        case
            when expected.baseline_window_count >= rules.minimum_windows
                then expected.usual_lost_count
        end as expected_lost_count,
        overlapping.overlapping_post_count,
        purged.account_key is not null as has_purge_day
    from posts
    cross join rules
    inner join overlapping
        on posts.post_key = overlapping.post_key
    left join windows
        on
            posts.account_key = windows.account_key
            and posts.window_start = windows.window_start
    left join expected
        on
            posts.account_key = expected.account_key
            and posts.window_start = expected.window_start
    left join purged
        on
            posts.account_key = purged.account_key
            and posts.window_start = purged.window_start

),

shared as (

    select
        joined.*,
        case when not has_purge_day then lost_count - expected_lost_count end
            as excess_lost_count,
        case
            when not has_purge_day
                then round({{ safe_ratio('lost_count - expected_lost_count', 'overlapping_post_count') }}, 9)
        end as attributed_lost_count
    from joined

)

select * from shared
