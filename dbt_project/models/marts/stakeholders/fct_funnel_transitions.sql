-- One row per move of a person between stages, with the rule that decided it and the
-- acts that speak for it.
with

moves as (

    select
        person_key,
        person_number,
        moved_on,
        from_stage_number,
        to_stage_number,
        direction_code,
        is_organic,
        has_skipped
    from {{ ref('int_funnel_moves__derived') }}

),

people as (

    select
        person_key,
        platform_code
    from {{ ref('dim_people') }}

),

rules as (

    select
        rule_id,
        rule_version,
        stage_number,
        window_days,
        valid_from,
        valid_to
    from {{ ref('dim_funnel_rules') }}
    where stage_number is not null

),

gathered_evidence as (

    select
        person_key,
        evidence_code,
        interaction_key,
        occurred_at,
        evidence_on
    from {{ ref('int_funnel_evidence__gathered') }}

),

-- A move up is explained by the rule of the stage reached, a move down by the rule of
-- the stage that no longer holds.
explained as (

    select
        moves.*,
        {{ hash_of("moves.person_key || '|' || cast(moves.moved_on as varchar)") }} as transition_key,
        people.platform_code,
        {{ reporting_week('moves.moved_on') }} as moved_week,
        case when moves.direction_code = 'up' then moves.moved_on else {{ days_earlier('moves.moved_on', 1) }} end
            as judged_on,
        rules.rule_id,
        rules.rule_version,
        case when rules.rule_id in ('observed', 'participating', 'identified') then 'activity' else rules.rule_id end
            as evidence_code,
        coalesce(rules.window_days, 1) as window_days
    from moves
    inner join people
        on moves.person_key = people.person_key
    inner join rules
        on
            rules.stage_number = case
                when moves.direction_code = 'up' then moves.to_stage_number
                else moves.from_stage_number
            end
            and moves.moved_on between rules.valid_from and rules.valid_to

),

-- What was done without words speaks for observed beside the turns.
asked as (

    select
        person_key,
        person_number,
        moved_on,
        judged_on,
        window_days,
        evidence_code
    from explained

    union all

    select
        person_key,
        person_number,
        moved_on,
        judged_on,
        window_days,
        'observed' as evidence_code
    from explained
    where rule_id = 'observed'

),

-- One row per move and act in the window of its rule. A move down was decided
-- by the review of the day before: its window ends, and begins, a day earlier.
listed as (

    select
        asked.person_number,
        asked.moved_on,
        gathered_evidence.interaction_key,
        row_number() over (
            partition by asked.person_number, asked.moved_on
            order by max(gathered_evidence.occurred_at) desc, gathered_evidence.interaction_key
        ) as evidence_number
    from asked
    inner join gathered_evidence
        on
            asked.person_key = gathered_evidence.person_key
            and asked.evidence_code = gathered_evidence.evidence_code
            and gathered_evidence.evidence_on > {{ days_earlier('asked.judged_on', 'asked.window_days') }}
            and gathered_evidence.evidence_on <= asked.judged_on
    group by
        asked.person_number,
        asked.moved_on,
        gathered_evidence.interaction_key

),

-- One row per move.
evidenced as (

    select
        person_number,
        moved_on,
        count(*) as evidence_count,
        {{ joined_text(
            'case when evidence_number <= 10 then interaction_key end',
            ',', 'evidence_number'
        ) }} as evidence_interaction_keys
    from listed
    group by
        person_number,
        moved_on

),

transitions as (

    select
        explained.transition_key,
        explained.person_key,
        explained.platform_code,
        explained.from_stage_number,
        explained.to_stage_number,
        explained.moved_on,
        explained.moved_week,
        explained.direction_code,
        explained.rule_id,
        explained.rule_version,
        evidenced.evidence_interaction_keys,
        coalesce(evidenced.evidence_count, 0) as evidence_count,
        explained.is_organic,
        explained.has_skipped
    from explained
    left join evidenced
        on
            explained.person_number = evidenced.person_number
            and explained.moved_on = evidenced.moved_on

)

select * from transitions
