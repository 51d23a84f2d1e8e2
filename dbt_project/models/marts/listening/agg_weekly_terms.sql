-- The terms that stand out most in each week, emerging ones first; none that fewer than
-- five people used, and none that names a person.
with

terms as (

    select * from {{ ref('int_term_weeks__compared') }}

),

grouped as (

    select * from {{ ref('int_emerging_terms__grouped') }}

),

ranked as (

    select
        terms.week_start,
        terms.term_text,
        terms.term_kind_code,
        row_number() over (
            partition by terms.week_start
            order by
                terms.is_emerging desc,
                terms.z_score desc nulls last,
                terms.mention_count desc,
                terms.term_kind_code,
                terms.term_text
        ) as rank,
        terms.mention_count,
        terms.author_count,
        terms.all_mention_count,
        terms.baseline_mention_count,
        terms.baseline_all_mention_count,
        terms.lift_ratio,
        terms.log_odds,
        terms.z_score,
        terms.is_emerging,
        grouped.longer_term_text is not null as is_part_of_longer,
        grouped.lead_term_text
    from terms
    left join grouped
        on
            terms.week_start = grouped.week_start
            and terms.term_kind_code = grouped.term_kind_code
            and terms.term_text = grouped.term_text

)

select *
from ranked
where rank <= 200
