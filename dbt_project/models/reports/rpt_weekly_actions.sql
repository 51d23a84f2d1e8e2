-- What to do this week, most people times distance from the usual times theme weight
-- first. Ties end in a total order, so that a rebuild proposes the same.
with

{% for relation in ['int_theme_actions__proposed', 'int_stage_actions__proposed', 'int_account_actions__proposed'] -%}
{{ relation | replace('int_', '') | replace('__proposed', '') }} as (

    select
        action_code,
        theme_code,
        subject_code,
        person_count,
        evidence_count,
        evidence_keys,
        weight_ratio,
        distance_ratio,
        reason_metric_id,
        reason_value
    from {{ ref(relation) }}

),

{% endfor -%}
rules as (

    select
        action_code,
        owner_name,
        closed_on,
        due_days,
        people_at_once
    from {{ ref('int_action_rules__dated') }}

),

theme_names as (

    select
        theme_code,
        theme_name
    from {{ ref('agg_weekly_alignment') }}
    where week_start = {{ built_week() }}

),

theme_owners as (

    select
        theme_code,
        nullif(trim(owner_name), '') as owner_name
    from {{ ref('stg_programme__strategy_themes') }}
    qualify
        row_number() over (
            partition by theme_code
            order by valid_from desc
        ) = 1

),

gathered as (

    select * from theme_actions
    union all
    select * from stage_actions
    union all
    select * from account_actions

),

scored as (

    select
        gathered.*,
        rules.due_days,
        rules.closed_on,
        cast(least(gathered.person_count, coalesce(rules.people_at_once, gathered.person_count)) as bigint)
            as due_person_count,
        coalesce(rules.owner_name, theme_owners.owner_name, 'Programme office') as owner_name,
        theme_names.theme_name,
        round(gathered.person_count * gathered.distance_ratio * gathered.weight_ratio, 6) as score
    from gathered
    inner join rules
        on gathered.action_code = rules.action_code
    left join theme_names
        on gathered.theme_code = theme_names.theme_code
    left join theme_owners
        on gathered.theme_code = theme_owners.theme_code

),

ranked as (

    select
        {{ built_week() }} as week_start,
        row_number() over (
            order by
                score desc,
                person_count desc,
                action_code,
                subject_code
        ) as rank,
        action_code,
        owner_name,
        theme_code,
        theme_name,
        subject_code,
        person_count,
        due_person_count,
        evidence_count,
        evidence_keys,
        score,
        {{ days_later('closed_on', 'due_days') }} as due_on,
        reason_metric_id,
        round(reason_value, 9) as reason_value
    from scored
    where score > 0

)

select *
from ranked
where rank <= 10
