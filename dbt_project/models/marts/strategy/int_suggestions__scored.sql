{{ config(schema='intermediate', contract={'enforced': false}) }}
-- score = weight of the theme x match of interests x decay by weeks x reach. Known before
-- any filter, as is the code made of it, so that answers cannot depend on themselves.
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
        person_key,
        conversation_key,
        asset_key,
        reason_code,
        match_ratio,
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
        {{ surrogate_key(['candidates.kind_code', suggestion_subject('candidates'), 'candidates.theme_code', 'candidates.week_start']) }}
            as suggestion_key,
        candidates.week_start,
        themes.closed_on,
        themes.owner_name,
        candidates.kind_code,
        candidates.theme_code,
        candidates.person_key,
        candidates.conversation_key,
        candidates.asset_key,
        candidates.reason_code,
        themes.weight_ratio,
        candidates.match_ratio,
        {{ whole_weeks_between('candidates.last_act_week', 'candidates.week_start') }} as idle_week_count,
        candidates.reach_ratio,
        round(
            themes.weight_ratio
            * candidates.match_ratio
            * pow(thresholds.suggestion_decay_ratio, {{ whole_weeks_between('candidates.last_act_week', 'candidates.week_start') }})
            * candidates.reach_ratio,
            6
        ) as score,
        candidates.is_done,
        candidates.is_leading
    from candidates
    cross join thresholds
    inner join themes
        on
            candidates.week_start = themes.week_start
            and candidates.theme_code = themes.theme_code

)

select * from scored where score is not null
