{{ config(schema='intermediate', contract={'enforced': false}) }}
-- score = weight of the theme x match of interests x decay by weeks x reach. The code is
-- what managers answer with: made only of what is on the published list, so it leads to
-- nobody, and known before any filter, so that answers cannot depend on themselves.
with

thresholds as (

    select suggestion_decay_ratio
    from {{ ref('int_thresholds__pivoted') }}

),

themes as (

    select
        week_start,
        closed_on,
        theme_code,
        weight_ratio,
        owner_name
    from {{ ref('int_suggestion_themes__dated') }}

),

candidates as (

    {% for kind in ['connect', 'invite', 'asset', 'recruit'] -%}
    select
        week_start,
        kind_code,
        theme_code,
        subject_key,
        person_key,
        conversation_key,
        asset_key,
        reason_code,
        match_ratio,
        theme_turn_count,
        last_act_week,
        reach_ratio,
        is_done,
        is_leading
    from {{ ref('int_suggestion_candidates__' ~ kind) }}
    {{- '\n\n    union all\n\n    ' if not loop.last }}
    {%- endfor %}

),

scored as (

    select
        {{ surrogate_key(['candidates.kind_code', 'candidates.subject_key', 'candidates.theme_code', 'candidates.week_start']) }}
            as suggestion_key,
        candidates.*,
        themes.closed_on,
        themes.owner_name,
        themes.weight_ratio,
        {{ whole_weeks_between('candidates.last_act_week', 'candidates.week_start') }} as idle_week_count,
        round(
            themes.weight_ratio
            * candidates.match_ratio
            * pow(thresholds.suggestion_decay_ratio, {{ whole_weeks_between('candidates.last_act_week', 'candidates.week_start') }})
            * candidates.reach_ratio,
            6
        ) as score
    from candidates
    cross join thresholds
    inner join themes
        on
            candidates.week_start = themes.week_start
            and candidates.theme_code = themes.theme_code

),

-- Equal scores of one kind and theme are told apart by their place among equals.
numbered as (

    select
        scored.*,
        cast(round(score * 1000000) as bigint) as score_millionths,
        row_number() over (
            partition by week_start, owner_name, kind_code, theme_code, score
            order by suggestion_key
        ) as tie_number
    from scored
    where score is not null

)

select
    numbered.*,
    left(
        {{ surrogate_key(['week_start', 'owner_name', 'kind_code', 'theme_code', 'score_millionths', 'tie_number']) }},
        12
    ) as suggestion_code
from numbered
