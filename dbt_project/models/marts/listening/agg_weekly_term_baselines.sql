with

baselines as (

    select
        week_start,
        text_count,
        author_count,
        baseline_week_count,
        baseline_text_count,
        evidence_code
    from {{ ref('int_term_baselines__summed') }}

)

select * from baselines
