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

),

withheld as (

    select
        week_start,
        count(*) as withheld_term_count
    from {{ ref('int_withheld_terms__found') }}
    group by week_start

),

stated as (

    select
        baselines.*,
        coalesce(withheld.withheld_term_count, 0) as withheld_term_count
    from baselines
    left join withheld
        on baselines.week_start = withheld.week_start

)

select * from stated
