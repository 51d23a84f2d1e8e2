-- One row per export that the reporting week should have: delivered in at least three
-- of the four weeks before it, or in every week since the source first delivered. A
-- source that the owned accounts declare and that never delivered before is expected
-- with any export, so that the first week is judged too.
with

loaded as (

    select
        file_sha256,
        source_name,
        contract_code,
        exported_at,
        period_end,
        rows_in
    from {{ ref('stg_landing__export_manifest') }}
    where
        status_code = 'loaded'
        and contract_code not like 'programme/%'

),

-- Two quiet sources deliver the same empty file, which is loaded for one of them.
delivered_files as (

    select * from loaded

    union all

    select
        twins.file_sha256,
        twins.source_name,
        loaded.contract_code,
        twins.exported_at,
        loaded.period_end,
        loaded.rows_in
    from {{ ref('stg_landing__export_manifest') }} as twins
    inner join loaded
        on twins.file_sha256 = loaded.file_sha256
    where
        twins.status_code = 'duplicate'
        and loaded.rows_in = 0

),

-- What can come again: a file, or, without one, all that a source ever delivered.
repeatable as (

    select
        source_name,
        contract_code,
        file_sha256,
        exported_at
    from delivered_files

    union all

    select
        source_name,
        contract_code,
        null as file_sha256,
        min(exported_at) as exported_at
    from delivered_files
    group by
        source_name,
        contract_code

),

-- What brings nothing new has arrived as well: known bytes, or the answer of a platform
-- that was asked to the end.
unchanged as (

    select
        repeatable.source_name,
        repeatable.contract_code,
        answers.seen_at,
        {{ days_earlier(reporting_week(local_date('answers.seen_at')), 7) }} as closed_week
    from {{ ref('stg_landing__unchanged_exports') }} as answers
    inner join repeatable
        on
            answers.source_name = repeatable.source_name
            and coalesce(answers.file_sha256, '') = coalesce(repeatable.file_sha256, '')
            and answers.seen_at >= repeatable.exported_at

),

-- Only the first in a week says something; the build's name knows no more of them.
first_unchanged as (

    select
        source_name,
        contract_code,
        closed_week,
        min(seen_at) as seen_at
    from unchanged
    group by
        source_name,
        contract_code,
        closed_week

),

manifest as (

    select
        source_name,
        contract_code,
        exported_at,
        period_end,
        {{ days_earlier(reporting_week(local_date('exported_at')), 7) }} as closed_week,
        true as is_file
    from delivered_files

    union all

    select
        source_name,
        contract_code,
        seen_at as exported_at,
        null as period_end,
        closed_week,
        false as is_file
    from first_unchanged

),

account_days as (

    select
        source_name,
        activity_date
    from {{ ref('int_account_days__attributed') }}

),

recent_deliveries as (

    select
        source_name,
        contract_code,
        count(distinct closed_week) as delivered_week_count,
        least(4, {{ whole_weeks_between('min(closed_week)', built_week()) }}) as possible_week_count
    from manifest
    where
        closed_week < {{ built_week() }}
        and closed_week >= {{ days_earlier(built_week(), 28) }}
    group by
        source_name,
        contract_code

),

declared as (

    select source_name
    from {{ ref('int_accounts__declared') }}
    where source_name is not null
    group by source_name

),

earlier_sources as (

    select source_name
    from manifest
    where closed_week < {{ built_week() }}
    group by source_name

),

expected as (

    select
        source_name,
        contract_code
    from recent_deliveries
    where delivered_week_count >= least(3, possible_week_count)

    union all

    select
        declared.source_name,
        'any' as contract_code
    from declared
    left join earlier_sources
        on declared.source_name = earlier_sources.source_name
    where earlier_sources.source_name is null

),

-- A file belongs to the week when it was made after the week closed, or when its own
-- days reach into the week although it was made too early.
deliveries as (

    select
        source_name,
        contract_code,
        count(case when is_file then 1 end) as file_count,
        coalesce(
            max(case when is_file and exported_at >= {{ week_end_at() }} then exported_at end),
            min(case when not is_file then exported_at end),
            max(exported_at)
        ) as exported_at
    from manifest
    where
        exported_at >= {{ week_end_at() }}
        or period_end >= {{ built_week() }}
    group by
        source_name,
        contract_code

    union all

    select
        source_name,
        'any' as contract_code,
        count(case when is_file then 1 end) as file_count,
        coalesce(
            max(case when is_file and exported_at >= {{ week_end_at() }} then exported_at end),
            min(case when not is_file then exported_at end),
            max(exported_at)
        ) as exported_at
    from manifest
    where
        exported_at >= {{ week_end_at() }}
        or period_end >= {{ built_week() }}
    group by source_name

),

-- Only exports with one row a day can prove which days they cover.
covered_days as (

    select
        source_name,
        count(distinct case when activity_date >= {{ built_week() }} then activity_date end)
            as covered_day_count
    from account_days
    where activity_date >= {{ days_earlier(built_week(), 28) }}
    group by source_name

),

arrivals as (

    select
        {{ surrogate_key(['expected.source_name', 'expected.contract_code', built_week()]) }}
            as arrival_key,
        {{ built_week() }} as week_start,
        expected.source_name,
        expected.contract_code,
        deliveries.file_count is not null as has_file,
        coalesce(deliveries.file_count, 0) as file_count,
        deliveries.exported_at,
        covered_days.covered_day_count,
        case when covered_days.source_name is not null then cast(7 as bigint) end
            as expected_day_count
    from expected
    left join deliveries
        on
            expected.source_name = deliveries.source_name
            and expected.contract_code = deliveries.contract_code
    left join covered_days
        on expected.source_name = covered_days.source_name

)

select * from arrivals
