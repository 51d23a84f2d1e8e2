{%- set responses = {'reaction': 'popularity', 'comment': 'commitment', 'share': 'virality'} %}
-- Response in three kinds after Bonsón and Ratkai: how many posts moved anybody at all,
-- and how much response a post draws from a thousand followers, so that accounts of
-- different size can stand side by side. Gini says whether one post made the week.
with

posts as (

    select
        posted_week,
        platform_code,
        account_key,
        post_key,
        reaction_count,
        comment_count,
        share_count,
        interaction_count,
        is_mature,
        is_read_late
    from {{ ref('fct_post_engagement') }}

),

weeks as (

    select week_start
    from {{ ref('dim_weeks') }}

),

followers as (

    select
        week_start,
        account_key,
        opening_count,
        closing_count
    from {{ ref('agg_weekly_followers') }}

),

ranked as (

    select
        posts.*,
        case when posts.interaction_count is not null then row_number() over (
            partition by posts.posted_week, posts.account_key
            order by posts.interaction_count nulls last, posts.post_key
        ) end as interaction_rank
    from posts
    inner join weeks
        on posts.posted_week = weeks.week_start

),

-- One row per week and account.
counted as (

    select
        posted_week as week_start,
        platform_code,
        account_key,
        count(*) as post_count,
        count(case when is_mature then 1 end) as mature_post_count,
        count(case when is_read_late and interaction_count is not null then 1 end) as late_post_count
        {%- for response in responses %},
        count({{ response }}_count) as {{ response }}_base_count,
        count(case when {{ response }}_count > 0 then 1 end) as {{ response }}_post_count,
        cast(sum({{ response }}_count) as bigint) as {{ response }}_count
        {%- endfor %},
        count(interaction_count) as interaction_base_count,
        cast(sum(interaction_count) as bigint) as interaction_count,
        cast(sum(interaction_count * interaction_rank) as bigint) as ranked_interaction_count
    from ranked
    group by
        posted_week,
        platform_code,
        account_key

),

joined as (

    select
        counted.*,
        followers.opening_count,
        followers.closing_count,
        -- Twice the mean, so that it stays a whole number.
        followers.opening_count + followers.closing_count as follower_sum
    from counted
    left join followers
        on
            counted.week_start = followers.week_start
            and counted.account_key = followers.account_key

),

rated as (

    select
        week_start,
        platform_code,
        account_key,
        post_count,
        mature_post_count,
        late_post_count,
        opening_count as opening_follower_count,
        closing_count as closing_follower_count
        {%- for response, name in responses.items() %},
        {{ response }}_base_count,
        {{ response }}_post_count,
        {{ response }}_count,
        {{ safe_ratio(response ~ '_post_count', response ~ '_base_count') }} as {{ name }}_ratio,
        {{ safe_ratio('2000 * ' ~ response ~ '_count', response ~ '_base_count * follower_sum') }}
            as {{ name }}_per_1000_followers
        {%- endfor %},
        interaction_base_count,
        interaction_count,
        {{ safe_ratio(
            '2 * ranked_interaction_count - (interaction_base_count + 1) * interaction_count',
            'interaction_base_count * interaction_count',
        ) }} as interaction_gini
    from joined

),

summed as (

    select
        rated.*,
        round(
            popularity_per_1000_followers + commitment_per_1000_followers
            + virality_per_1000_followers,
            9
        ) as engagement_per_1000_followers
    from rated

)

select * from summed
