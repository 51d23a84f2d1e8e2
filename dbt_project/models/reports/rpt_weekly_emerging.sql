-- What came up in the week, clearest first. A week with too little before it has one row
-- without an issue that says why nothing could come up.
with

baselines as (

    select * from {{ ref('agg_weekly_term_baselines') }}
    where week_start = {{ built_week() }}

),

issues as (

    select * from {{ ref('fct_issues') }}
    where week_start = {{ built_week() }}

),

evidence as (

    select
        issue_kind_code,
        issue_code,
        {{ joined_text('interaction_key', ',', 'evidence_rank') }} as evidence_keys
    from {{ ref('fct_issue_evidence') }}
    where week_start = {{ built_week() }}
    group by
        issue_kind_code,
        issue_code

)

select
    baselines.week_start,
    issues.issue_rank as rank,
    issues.issue_kind_code,
    issues.issue_code,
    issues.term_list,
    issues.started_on,
    issues.burst_score,
    issues.z_score,
    issues.mention_count,
    issues.author_count,
    evidence.evidence_keys,
    baselines.evidence_code as term_evidence_code,
    baselines.baseline_week_count,
    baselines.baseline_text_count
from baselines
left join issues
    on baselines.week_start = issues.week_start
left join evidence
    on
        issues.issue_kind_code = evidence.issue_kind_code
        and issues.issue_code = evidence.issue_code
where issues.issue_code is not null or baselines.evidence_code <> 'enough'
