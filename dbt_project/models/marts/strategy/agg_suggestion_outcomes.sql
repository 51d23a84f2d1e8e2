-- Did managers find the suggestions useful? Answers count by what the file says, also
-- where the suggestion can no longer be told; what nobody answered is ignored in time.
with

thresholds as (

    select
        suggestion_due_days,
        suggestion_ignored_days
    from {{ ref('int_thresholds__pivoted') }}

),

suggestions as (

    select
        week_start,
        kind_code
    from {{ ref('fct_suggestions') }}

),

responses as (

    select
        suggested_week as week_start,
        kind_code,
        suggestion_code,
        suggestion_key,
        response_code
    from {{ ref('int_suggestion_responses__matched') }}
    where replaced_on is null

),

-- Before the first week that anybody answered for, silence means nothing.
reported as (

    select min(week_start) as first_week
    from responses

),

-- One row per week and kind.
listed as (

    select
        week_start,
        kind_code,
        count(*) as listed_count
    from suggestions
    group by
        week_start,
        kind_code

),

responded as (

    select
        week_start,
        kind_code,
        count(*) filter (where response_code = 'accepted') as accepted_count,
        count(*) filter (where response_code = 'done') as done_count,
        count(*) filter (where response_code = 'declined') as declined_count,
        count(*) filter (where response_code = 'ignored') as stated_ignored_count,
        count(*) filter (where suggestion_key is null) as unmatched_count
    from responses
    group by
        week_start,
        kind_code

),

counted as (

    select
        coalesce(listed.week_start, responded.week_start) as week_start,
        coalesce(listed.kind_code, responded.kind_code) as kind_code,
        coalesce(listed.listed_count, 0) as listed_count,
        coalesce(responded.accepted_count, 0) as accepted_count,
        coalesce(responded.done_count, 0) as done_count,
        coalesce(responded.declined_count, 0) as declined_count,
        coalesce(responded.stated_ignored_count, 0) as stated_ignored_count,
        coalesce(responded.unmatched_count, 0) as unmatched_count,
        greatest(
            coalesce(listed.listed_count, 0)
            - coalesce(responded.accepted_count + responded.done_count, 0)
            - coalesce(responded.declined_count + responded.stated_ignored_count, 0),
            0
        ) as silent_count
    from listed
    full outer join responded
        on
            listed.week_start = responded.week_start
            and listed.kind_code = responded.kind_code

),

-- Each kind, and all of them.
gathered as (

    select * from counted

    union all

    select
        week_start,
        'all' as kind_code,
        cast(sum(listed_count) as bigint) as listed_count,
        cast(sum(accepted_count) as bigint) as accepted_count,
        cast(sum(done_count) as bigint) as done_count,
        cast(sum(declined_count) as bigint) as declined_count,
        cast(sum(stated_ignored_count) as bigint) as stated_ignored_count,
        cast(sum(unmatched_count) as bigint) as unmatched_count,
        cast(sum(silent_count) as bigint) as silent_count
    from counted
    group by week_start

),

summed as (

    select
        gathered.*,
        accepted_count + done_count as taken_count,
        accepted_count + done_count + declined_count as answered_count,
        coalesce(gathered.week_start >= reported.first_week, false) as is_reported,
        -- The day after the last on which an answer was in time has come.
        {{ days_later(
            'week_start',
            '6 + thresholds.suggestion_due_days + thresholds.suggestion_ignored_days'
        ) }} < {{ days_later(built_week(), 7) }} as is_mature
    from gathered
    cross join thresholds
    cross join reported

),

rated as (

    select
        week_start,
        kind_code,
        listed_count,
        accepted_count,
        done_count,
        declined_count,
        case
            when is_mature and is_reported
                then stated_ignored_count + silent_count
            when is_reported then stated_ignored_count
        end as ignored_count,
        unmatched_count,
        taken_count,
        answered_count,
        is_mature,
        is_reported,
        {{ safe_ratio('taken_count', 'answered_count') }} as acceptance_rate,
        case when is_mature and is_reported then {{ safe_ratio('least(taken_count, listed_count)', 'listed_count') }} end
            as precision_at_10_ratio
    from summed

)

select * from rated
