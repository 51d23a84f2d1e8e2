-- The states that still hold are those of the week: two ways to count the same window.
with

history as (

    select
        person_key,
        covered_block_count,
        sentiment_state_code
    from {{ ref('fct_person_aspine_changes') }}
    where valid_to_week is null

),

week as (

    select
        person_key,
        covered_block_count,
        sentiment_evidence_code
    from {{ ref('agg_person_aspine') }}

)

select
    coalesce(history.person_key, week.person_key) as person_key,
    history.covered_block_count as history_block_count,
    week.covered_block_count as week_block_count
from history
full outer join week
    on history.person_key = week.person_key
where
    history.person_key is null
    or week.person_key is null
    or history.covered_block_count <> week.covered_block_count
    or (history.sentiment_state_code = 'insufficient') <> (week.sentiment_evidence_code = 'insufficient')
