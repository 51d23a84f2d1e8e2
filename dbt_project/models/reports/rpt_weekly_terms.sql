-- Emerging terms of the week as they are shown: a word within a longer term once.
with

terms as (

    select * from {{ ref('agg_weekly_terms') }}
    where
        week_start = {{ built_week() }}
        and is_emerging
        and not is_part_of_longer

)

select
    week_start,
    row_number() over (order by rank) as rank,
    term_text,
    term_kind_code,
    lead_term_text,
    mention_count,
    author_count,
    baseline_mention_count,
    lift_ratio,
    z_score
from terms
