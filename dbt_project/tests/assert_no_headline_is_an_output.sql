-- Posts, reach, likes and followers are outputs; none of them may be the headline of an
-- outcome, and each outcome has exactly one headline.
with

headlines as (

    select
        outcome_code,
        count(*) as headline_count,
        count(case when amec_level_code in ('input', 'activity', 'output') then 1 end) as output_count
    from {{ ref('metrics') }}
    where outcome_code is not null
    group by outcome_code

)

select *
from headlines
where headline_count <> 1 or output_count > 0
