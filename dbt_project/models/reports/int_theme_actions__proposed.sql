{{ config(schema='intermediate', contract={'enforced': false}) }}
-- Actions that concern a theme: answer what is open, invite advocates, close a gap.
-- score = people x distance from the usual x weight of the theme. Who asked to be left alone
-- is invited to nothing, and answered nevertheless where they ask.
with

rules as (

    select *
    from {{ ref('int_action_rules__dated') }}

),

themes as (

    select
        theme_code,
        weight_ratio,
        content_gap_ratio
    from {{ ref('agg_weekly_alignment') }}
    where week_start = {{ built_week() }}

),

topics as (

    select
        week_start,
        theme_code,
        mention_count
    from {{ ref('agg_weekly_topics') }}
    where
        week_start <= {{ built_week() }}
        and week_start >= {{ days_earlier(built_week(), 56) }}

),

requests as (

    select
        interaction_key,
        person_key,
        theme_code,
        occurred_at,
        answered_at
    from {{ ref('fct_reply_requests') }}

),

-- No rule looks at acts before this day.
spans as (

    select
        least(
            min(case when action_code = 'invite_advocates' then {{ days_earlier('closed_on', 'window_days') }} end),
            {{ built_week() }}
        ) as first_date
    from rules

),

acts as (

    select
        acts.interaction_key,
        acts.person_key,
        acts.occurred_at,
        acts.occurred_date,
        acts.occurred_week,
        themes.theme_code
    from {{ ref('fct_funnel_acts') }} as acts
    inner join spans
        on acts.occurred_date >= spans.first_date
    inner join {{ ref('fct_interaction_themes') }} as themes
        on acts.interaction_key = themes.interaction_key

),

left_alone as (

    select distinct person_key
    from {{ ref('int_outreach__identified') }}
    where entry_kind_code = 'opt_out'

),

stages as (

    select
        person_key,
        to_stage_number
    from {{ ref('fct_funnel_transitions') }}
    qualify
        row_number() over (partition by person_key order by moved_on desc) = 1

),

mentions as (

    select
        theme_code,
        max(case when week_start = {{ built_week() }} then mention_count end) as mention_count,
        {{ median_of('case when week_start < ' ~ built_week() ~ ' then mention_count end') }} as usual_mentions
    from topics
    group by theme_code

),

-- One row per theme: how much louder than usual it is, and what our content leaves out.
distances as (

    select
        themes.theme_code,
        themes.weight_ratio,
        mentions.mention_count,
        greatest(coalesce({{ safe_ratio('mentions.mention_count', 'mentions.usual_mentions') }} - 1, 0), 0)
            as loudness_ratio,
        themes.content_gap_ratio,
        greatest(coalesce({{ safe_ratio('themes.content_gap_ratio', 'themes.weight_ratio') }}, 0), 0)
            as gap_distance_ratio
    from themes
    left join mentions
        on themes.theme_code = mentions.theme_code

),

-- One row per proposal and act that speaks for it.
evidence as (

    select
        rules.action_code,
        requests.theme_code,
        requests.person_key,
        requests.interaction_key,
        requests.occurred_at
    from requests
    inner join rules
        on rules.action_code = 'answer_open_requests'
    where
        requests.answered_at is null
        and requests.occurred_at >= {{ local_midnight(days_earlier('rules.closed_on', 'rules.window_days')) }}

    union all

    select
        rules.action_code,
        acts.theme_code,
        acts.person_key,
        acts.interaction_key,
        acts.occurred_at
    from acts
    inner join rules
        on rules.action_code = 'invite_advocates'
    inner join stages
        on acts.person_key = stages.person_key
    left join left_alone
        on acts.person_key = left_alone.person_key
    where
        stages.to_stage_number = 6
        and left_alone.person_key is null
        and acts.occurred_date >= {{ days_earlier('rules.closed_on', 'rules.window_days') }}

    union all

    select
        rules.action_code,
        acts.theme_code,
        acts.person_key,
        acts.interaction_key,
        acts.occurred_at
    from acts
    inner join rules
        on rules.action_code = 'close_content_gap'
    where acts.occurred_week = {{ built_week() }}

),

-- What a rule with a number of people lists is people: the latest act of each.
turns as (

    select
        evidence.*,
        rules.people_at_once,
        row_number() over (
            partition by evidence.action_code, evidence.theme_code, evidence.person_key
            order by evidence.occurred_at desc, evidence.interaction_key
        ) as act_number
    from evidence
    inner join rules
        on evidence.action_code = rules.action_code
    where evidence.theme_code is not null

),

numbered as (

    select
        turns.*,
        people_at_once is null or act_number = 1 as is_listed,
        row_number() over (
            partition by action_code, theme_code
            order by
                case when people_at_once is null or act_number = 1 then 0 else 1 end,
                occurred_at desc,
                interaction_key
        ) as evidence_number
    from turns

),

-- One row per proposal.
gathered as (

    select
        action_code,
        theme_code,
        count(distinct person_key) as person_count,
        count(*) as evidence_count,
        {{ joined_text(
            'case when is_listed and evidence_number <= coalesce(people_at_once, 10) then interaction_key end',
            ',', 'evidence_number'
        ) }} as evidence_keys
    from numbered
    group by
        action_code,
        theme_code

),

proposed as (

    select
        gathered.action_code,
        gathered.theme_code,
        gathered.theme_code as subject_code,
        gathered.person_count,
        gathered.evidence_count,
        gathered.evidence_keys,
        distances.weight_ratio,
        case gathered.action_code
            -- Whoever waits is a distance of one already; a loud theme adds to it.
            when 'answer_open_requests' then 1 + distances.loudness_ratio
            else distances.gap_distance_ratio
        end as distance_ratio,
        case gathered.action_code
            when 'invite_advocates' then 'advocates'
            else 'mention_volume'
        end as reason_metric_id,
        case gathered.action_code
            when 'invite_advocates' then cast(null as double)
            else cast(distances.mention_count as double)
        end as reason_value
    from gathered
    inner join distances
        on gathered.theme_code = distances.theme_code
    inner join rules
        on gathered.action_code = rules.action_code
    where
        gathered.person_count >= rules.minimum_people
        and (
            gathered.action_code <> 'close_content_gap'
            or distances.content_gap_ratio >= rules.minimum_gap_ratio
        )

)

select * from proposed
