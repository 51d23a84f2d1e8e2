with

evidence as (

    select
        week_start,
        issue_kind_code,
        issue_code,
        evidence_rank,
        interaction_key,
        thread_key,
        platform_code
    from {{ ref('int_issue_evidence__ranked') }}

)

select * from evidence
