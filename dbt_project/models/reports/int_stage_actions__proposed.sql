{{ config(schema='intermediate', contract={'enforced': false}) }}
-- The stuck step, if there is one: the people who wait there, and what they did lately.
-- The keys are the list of those whose turn it is: the latest words of each, and after them
-- the latest like, repost or follow of those who never wrote. Who asked to be left alone
-- waits for nothing.
with

rules as (

    select *
    from {{ ref('int_action_rules__dated') }}
    where action_code = 'contact_identified_people'

),

stuck as (

    select
        stage_number,
        stage_code,
        waiting_count,
        move_on_ratio,
        usual_move_on_ratio
    from {{ ref('agg_weekly_funnel') }}
    where
        week_start = {{ built_week() }}
        and is_stuck

),

themes as (

    select
        cast(sum(cast(weight_ratio as decimal(18, 9))) as double) / count(*) as weight_ratio
    from {{ ref('agg_weekly_alignment') }}
    where week_start = {{ built_week() }}

),

stages as (

    select
        person_key,
        to_stage_number
    from {{ ref('fct_funnel_transitions') }}
    qualify
        row_number() over (partition by person_key order by moved_on desc) = 1

),

acts as (

    select
        interaction_key,
        person_key,
        occurred_at,
        true as is_turn
    from {{ ref('fct_funnel_acts') }}

    union all

    select
        act_key as interaction_key,
        person_key,
        occurred_at,
        false as is_turn
    from {{ ref('fct_wordless_acts') }}

),

left_alone as (

    select distinct person_key
    from {{ ref('int_outreach__identified') }}
    where entry_kind_code = 'opt_out'

),

-- One row per waiting person.
latest as (

    select
        acts.person_key,
        acts.interaction_key,
        acts.occurred_at,
        acts.is_turn
    from acts
    inner join stages
        on acts.person_key = stages.person_key
    inner join stuck
        on stages.to_stage_number = stuck.stage_number
    left join left_alone
        on acts.person_key = left_alone.person_key
    where left_alone.person_key is null
    qualify
        row_number() over (
            partition by acts.person_key
            order by acts.is_turn desc, acts.occurred_at desc, acts.interaction_key
        ) = 1

),

numbered as (

    select
        latest.*,
        row_number() over (order by is_turn desc, occurred_at desc, interaction_key) as evidence_number
    from latest

),

gathered as (

    select
        count(*) as evidence_count,
        {{ joined_text(
            'case when evidence_number <= coalesce(rules.people_at_once, 10) then interaction_key end',
            ',', 'evidence_number'
        ) }} as evidence_keys
    from numbered
    cross join rules

),

proposed as (

    select
        rules.action_code,
        cast(null as varchar) as theme_code,
        stuck.stage_code as subject_code,
        gathered.evidence_count as person_count,
        gathered.evidence_count,
        gathered.evidence_keys,
        themes.weight_ratio,
        {{ safe_ratio('stuck.usual_move_on_ratio - stuck.move_on_ratio', 'stuck.usual_move_on_ratio') }}
            as distance_ratio,
        'move_on_ratio' as reason_metric_id,
        stuck.move_on_ratio as reason_value
    from stuck
    cross join rules
    cross join gathered
    cross join themes
    where gathered.evidence_count >= rules.minimum_people

)

select * from proposed
