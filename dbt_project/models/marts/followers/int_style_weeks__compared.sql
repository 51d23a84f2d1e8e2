{{ config(schema='intermediate', contract={'enforced': false}) }}
-- Each account's posts by style and week, and whether the part of one-way posts
-- (broadcast and promo) moved away from that of the weeks before.
with

weeks as (

    select week_start
    from {{ ref('dim_weeks') }}

),

posts as (

    select
        account_key,
        posted_week,
        content_style_code
    from {{ ref('dim_posts') }}

),

accounts as (

    select
        account_key,
        platform_code,
        account_handle
    from {{ ref('dim_accounts') }}

),

rules as (

    select
        {%- for parameter in ['baseline_weeks', 'minimum_weeks', 'minimum_posts'] %}
        cast(max(case when parameter_name = '{{ parameter }}' then parameter_value end) as integer)
            as {{ parameter }},
        {%- endfor %}
        max(case when parameter_name = 'minimum_shift' then parameter_value end)
            as minimum_shift,
        max(case when parameter_name = 'shift_sigmas' then parameter_value end)
            as shift_sigmas
    from {{ ref('int_signal_rules__dated') }}
    where rule_id = 'style'

),

-- One row per week and account, also where the account was silent.
styles as (

    select
        weeks.week_start,
        accounts.account_key,
        accounts.platform_code,
        accounts.account_handle,
        count(posts.account_key) as post_count,
        {%- for style in ['broadcast', 'dialogue', 'help', 'promo'] %}
        count(case when posts.content_style_code = '{{ style }}' then 1 end)
            as {{ style }}_post_count{{ ',' if not loop.last }}
        {%- endfor %}
    from weeks
    cross join accounts
    left join posts
        on
            weeks.week_start = posts.posted_week
            and accounts.account_key = posts.account_key
    group by
        weeks.week_start,
        accounts.account_key,
        accounts.platform_code,
        accounts.account_handle

),

-- One row per week and account, with the weeks before it pooled.
pooled as (

    select
        styles.week_start,
        styles.account_key,
        cast(sum(earlier.post_count) as bigint) as earlier_post_count,
        cast(sum(earlier.broadcast_post_count + earlier.promo_post_count) as bigint)
            as earlier_one_way_count,
        count(case when earlier.post_count > 0 then 1 end) as earlier_week_count
    from styles
    cross join rules
    inner join styles as earlier
        on
            styles.account_key = earlier.account_key
            and earlier.week_start < styles.week_start
            and earlier.week_start >= {{ days_earlier('styles.week_start', '7 * rules.baseline_weeks') }}
    group by
        styles.week_start,
        styles.account_key

),

measured as (

    select
        styles.*,
        {{ safe_ratio('styles.broadcast_post_count + styles.promo_post_count', 'styles.post_count') }}
            as one_way_ratio,
        case
            when pooled.earlier_week_count >= rules.minimum_weeks
                then {{ safe_ratio('pooled.earlier_one_way_count', 'pooled.earlier_post_count') }}
        end as usual_one_way_ratio,
        rules.minimum_posts,
        rules.minimum_shift,
        rules.shift_sigmas
    from styles
    cross join rules
    left join pooled
        on
            styles.week_start = pooled.week_start
            and styles.account_key = pooled.account_key

),

-- A handful of posts differs by chance: the shift must be large, and larger than what
-- the usual mix would give to so few posts.
compared as (

    select
        week_start,
        account_key,
        platform_code,
        account_handle,
        post_count,
        broadcast_post_count,
        dialogue_post_count,
        help_post_count,
        promo_post_count,
        case
            when post_count = 0 then null
            when dialogue_post_count >= greatest(help_post_count, promo_post_count, broadcast_post_count)
                then 'dialogue'
            when help_post_count >= greatest(promo_post_count, broadcast_post_count)
                then 'help'
            when promo_post_count >= broadcast_post_count then 'promo'
            else 'broadcast'
        end as dominant_style_code,
        one_way_ratio,
        usual_one_way_ratio,
        coalesce(
            post_count >= minimum_posts
            and abs(one_way_ratio - usual_one_way_ratio) >= minimum_shift
            and abs(one_way_ratio - usual_one_way_ratio) >= shift_sigmas * sqrt(
                greatest(usual_one_way_ratio, 0.05)
                * greatest(1 - usual_one_way_ratio, 0.05)
                / post_count
            ),
            false
        ) as is_style_change
    from measured

)

select * from compared
