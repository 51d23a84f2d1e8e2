{{ config(schema='intermediate', contract={'enforced': false}) }}
-- Accounts that lose followers far above their usual: bring them back to dialogue. The
-- evidence is their one-way posts of the week.
with

rules as (

    select *
    from {{ ref('int_action_rules__dated') }}
    where action_code = 'return_to_dialogue'

),

churned as (

    select
        account_key,
        platform_code || '|' || account_handle as account_code,
        lost_count,
        lost_per_1000,
        usual_lost_per_1000
    from {{ ref('agg_weekly_style_churn') }}
    where
        week_start = {{ built_week() }}
        and is_churn_signal

),

themes as (

    select
        cast(sum(cast(weight_ratio as decimal(18, 9))) as double) / count(*) as weight_ratio
    from {{ ref('agg_weekly_alignment') }}
    where week_start = {{ built_week() }}

),

metric_weeks as (

    select
        segment_code,
        value
    from {{ ref('fct_metric_weeks') }}
    where
        metric_id = 'churn_rate'
        and segment_kind_code = 'account'
        and week_start = {{ built_week() }}

),

posts as (

    select
        account_key,
        post_key,
        row_number() over (
            partition by account_key
            order by posted_at desc, post_key
        ) as evidence_number
    from {{ ref('dim_posts') }}
    where
        posted_week = {{ built_week() }}
        and content_style_code in ('broadcast', 'promo')

),

-- One row per account with such posts.
gathered as (

    select
        account_key,
        count(*) as evidence_count,
        {{ joined_text(
            'case when evidence_number <= 10 then post_key end',
            ',', 'evidence_number'
        ) }} as evidence_keys
    from posts
    group by account_key

),

proposed as (

    select
        rules.action_code,
        cast(null as varchar) as theme_code,
        churned.account_code as subject_code,
        churned.lost_count as person_count,
        coalesce(gathered.evidence_count, 0) as evidence_count,
        gathered.evidence_keys,
        themes.weight_ratio,
        {{ safe_ratio('churned.lost_per_1000 - churned.usual_lost_per_1000', 'churned.usual_lost_per_1000') }}
            as distance_ratio,
        'churn_rate' as reason_metric_id,
        metric_weeks.value as reason_value
    from churned
    cross join rules
    cross join themes
    left join gathered
        on churned.account_key = gathered.account_key
    left join metric_weeks
        on churned.account_code = metric_weeks.segment_code
    where churned.lost_count >= rules.minimum_people

)

select * from proposed
