-- Does a change in the nature of a feed cost followers? Each week's losses beside the
-- style of its posts; after a change of style, "usual" stays what it was before it.
with

styles as (

    select *
    from {{ ref('int_style_weeks__compared') }}

),

follower_weeks as (

    select
        week_start,
        account_key,
        opening_count,
        lost_count,
        own_lost_count,
        flow_day_count
    from {{ ref('int_follower_weeks__summed') }}

),

rules as (

    select
        {%- for parameter in ['baseline_weeks', 'minimum_weeks', 'memory_weeks', 'minimum_lost'] %}
        cast(max(case when parameter_name = '{{ parameter }}' then parameter_value end) as integer)
            as {{ parameter }},
        {%- endfor %}
        {%- for parameter in ['churn_factor', 'loss_sigmas'] %}
        max(case when parameter_name = '{{ parameter }}' then parameter_value end)
            as {{ parameter }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ref('int_signal_rules__dated') }}
    where rule_id = 'style'

),

-- Losses of four known days are no week's losses, and whom a platform removed did not
-- leave because of a style.
joined as (

    select
        styles.*,
        lag(styles.is_style_change) over (
            partition by styles.account_key
            order by styles.week_start
        ) as was_style_change,
        case when follower_weeks.flow_day_count = 7 then follower_weeks.lost_count end
            as lost_count,
        case when follower_weeks.flow_day_count = 7 then follower_weeks.own_lost_count end
            as own_lost_count,
        case
            when follower_weeks.flow_day_count = 7
                then round(1000 * {{ safe_ratio('follower_weeks.own_lost_count', 'follower_weeks.opening_count') }}, 9)
        end as lost_per_1000,
        follower_weeks.opening_count
    from styles
    left join follower_weeks
        on
            styles.week_start = follower_weeks.week_start
            and styles.account_key = follower_weeks.account_key

),

-- One row per week and account: the beginning of the latest change still remembered.
anchored as (

    select
        joined.week_start,
        joined.account_key,
        max(changes.week_start) as style_changed_week
    from joined
    cross join rules
    left join joined as changes
        on
            joined.account_key = changes.account_key
            and changes.week_start <= joined.week_start
            and changes.week_start > {{ days_earlier('joined.week_start', '7 * rules.memory_weeks') }}
            and changes.is_style_change
            and not coalesce(changes.was_style_change, false)
    group by
        joined.week_start,
        joined.account_key

),

-- One row per week and account, from the losses of the weeks before the change.
usual as (

    select
        anchored.week_start,
        anchored.account_key,
        count(earlier.lost_per_1000) as baseline_week_count,
        round({{ median_of('earlier.lost_per_1000') }}, 9) as usual_lost_per_1000
    from anchored
    cross join rules
    inner join joined as earlier
        on
            anchored.account_key = earlier.account_key
            and earlier.week_start < coalesce(anchored.style_changed_week, anchored.week_start)
            and earlier.week_start
            >= {{ days_earlier(
                'coalesce(anchored.style_changed_week, anchored.week_start)', '7 * rules.baseline_weeks'
            ) }}
    group by
        anchored.week_start,
        anchored.account_key

),

judged as (

    select
        joined.week_start,
        joined.platform_code,
        joined.account_key,
        joined.account_handle,
        joined.dominant_style_code,
        joined.post_count,
        joined.broadcast_post_count,
        joined.dialogue_post_count,
        joined.help_post_count,
        joined.promo_post_count,
        joined.one_way_ratio,
        joined.usual_one_way_ratio,
        joined.lost_count,
        joined.own_lost_count,
        joined.lost_per_1000,
        case
            when usual.baseline_week_count >= rules.minimum_weeks
                then usual.usual_lost_per_1000
        end as usual_lost_per_1000,
        joined.is_style_change,
        anchored.style_changed_week,
        coalesce(
            usual.baseline_week_count >= rules.minimum_weeks
            and joined.own_lost_count >= rules.minimum_lost
            and joined.lost_per_1000 >= rules.churn_factor * usual.usual_lost_per_1000
            -- Six a week are twelve in one week of forty, and nobody left because of a style.
            and joined.own_lost_count
            >= usual.usual_lost_per_1000 * joined.opening_count / 1000
            + rules.loss_sigmas * sqrt(usual.usual_lost_per_1000 * joined.opening_count / 1000),
            false
        ) as is_churn_signal
    from joined
    cross join rules
    inner join anchored
        on
            joined.week_start = anchored.week_start
            and joined.account_key = anchored.account_key
    left join usual
        on
            joined.week_start = usual.week_start
            and joined.account_key = usual.account_key

)

select * from judged
