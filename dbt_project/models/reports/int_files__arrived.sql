{{ config(schema='intermediate', contract={'enforced': false}) }}
-- What has come since the last printed issue: files that its build had not read, with the
-- weeks that they cover. A source that never covered a week before is late; one that did
-- has corrected itself. What a file holds decides which figures it can have moved; what
-- was taken out of a file on somebody's request, nobody can tell any more, nor which week
-- it was in: such a file has a row even where no week that is left is one of its own.
with

manifest as (

    select
        file_sha256,
        source_name,
        contract_code,
        exported_at,
        coalesce(period_start, {{ days_earlier(local_date('exported_at'), 28) }}) as period_start,
        coalesce(period_end, {{ local_date('exported_at') }}) as period_end
    from {{ ref('stg_landing__export_manifest') }}
    where status_code = 'loaded'

),

read_files as (

    select file_sha256
    from {{ ref('stg_landing__printed_files') }}
    group by file_sha256

),

-- The same files without somebody: their digests are new, what they say is not.
redacted_files as (

    select redacted.file_sha256
    from {{ ref('stg_landing__redacted_files') }} as redacted
    inner join read_files
        on redacted.former_sha256 = read_files.file_sha256
    group by redacted.file_sha256

),

platforms as (

    select platform_code
    from {{ ref('platforms') }}

),

weeks as (

    select week_start
    from {{ ref('dim_weeks') }}

),

-- One row per file and family of facts that it holds in its newest version.
families as (

    select
        file_sha256,
        'acts' as family_code
    from {{ ref('int_interactions__unioned') }}
    group by file_sha256

    union all

    select
        file_sha256,
        'observations' as family_code
    from {{ ref('fct_metric_observations') }}
    group by file_sha256

),

covered as (

    select
        manifest.file_sha256,
        manifest.source_name,
        manifest.contract_code,
        manifest.exported_at,
        weeks.week_start,
        platforms.platform_code,
        case
            when redacted_files.file_sha256 is not null then null
            when families.family_code is not null then families.family_code
            when
                manifest.contract_code not like 'programme/%'
                or manifest.contract_code = 'programme/collateral_downloads'
                then 'conversions'
        end as family_code,
        read_files.file_sha256 is not null as was_read,
        redacted_files.file_sha256 is not null as is_redacted
    from manifest
    left join weeks
        on
            manifest.period_start < {{ days_later('weeks.week_start', 7) }}
            and manifest.period_end >= weeks.week_start
    left join read_files
        on manifest.file_sha256 = read_files.file_sha256
    left join redacted_files
        on manifest.file_sha256 = redacted_files.file_sha256
    left join families
        on manifest.file_sha256 = families.file_sha256
    -- A tool or a list of our own may speak of any platform: null.
    left join platforms
        on split_part(manifest.contract_code, '/', 1) = platforms.platform_code
    where weeks.week_start is not null or redacted_files.file_sha256 is not null

),

known as (

    select
        covered.*,
        bool_or(was_read or is_redacted) over (partition by source_name, contract_code, week_start)
            as was_covered
    from covered

)

-- A file without somebody is one row per week, whatever facts are left in it.
select distinct
    file_sha256,
    source_name,
    exported_at,
    week_start,
    platform_code,
    family_code,
    case
        when is_redacted then 'erasure'
        when contract_code like 'programme/%' then 'programme_file'
        when was_covered then 'correction'
        else 'late_export'
    end as cause_code
from known
where not was_read
