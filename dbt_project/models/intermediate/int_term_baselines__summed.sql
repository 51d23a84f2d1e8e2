-- What stands behind the terms of a week: its texts, those of the weeks before, and
-- whether they are enough to say what is usual.
with

weeks as (

    select week_start
    from {{ ref('int_weeks__listed') }}

),

thresholds as (

    select
        term_history_weeks,
        term_baseline_weeks,
        term_baseline_minimum_weeks,
        term_baseline_minimum_texts
    from {{ ref('int_thresholds__pivoted') }}

),

texts as (

    select
        occurred_week as week_start,
        count(*) as text_count,
        count(distinct person_key) as author_count
    from {{ ref('int_term_texts__spoken') }}
    group by occurred_week

),

-- One row per week for which terms are compared.
summed as (

    select
        weeks.week_start,
        max(coalesce(texts.text_count, 0)) as text_count,
        max(coalesce(texts.author_count, 0)) as author_count,
        count(earlier.week_start) as baseline_week_count,
        cast(coalesce(sum(earlier.text_count), 0) as bigint) as baseline_text_count
    from weeks
    cross join thresholds
    left join texts
        on weeks.week_start = texts.week_start
    left join texts as earlier
        on
            earlier.week_start < weeks.week_start
            and earlier.week_start >= {{ days_earlier('weeks.week_start', 'thresholds.term_baseline_weeks * 7') }}
    where
        weeks.week_start > {{ days_earlier(built_week(), 'thresholds.term_history_weeks * 7') }}
    group by weeks.week_start

),

judged as (

    select
        summed.*,
        case
            when summed.baseline_week_count < thresholds.term_baseline_minimum_weeks
                then 'few_weeks'
            when summed.baseline_text_count < thresholds.term_baseline_minimum_texts
                then 'few_texts'
            else 'enough'
        end as evidence_code
    from summed
    cross join thresholds

)

select * from judged
