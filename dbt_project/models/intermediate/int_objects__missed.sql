-- What a newer export of the same source and contract should hold and does not. A file
-- proves nothing outside the time between its first and its last act of the thread, or
-- its stated window; nor when it was cut, or is another selection (seed export_scopes);
-- nor when a row of it was rejected, which may be the one that seems to lack.
with

sightings as (

    select * from {{ ref('stg_landing__object_sightings') }}

),

scopes as (

    select * from {{ ref('export_scopes') }}

),

-- Threads and accounts that came in exports of more than one moment. What came once is not
-- missed by anything.
followed as (

    select
        platform_code,
        object_kind_code,
        source_name,
        contract_code,
        scope_id,
        max(exported_at) as newest_at
    from sightings
    group by
        platform_code,
        object_kind_code,
        source_name,
        contract_code,
        scope_id
    having min(exported_at) < max(exported_at)

),

-- One row per object, source and contract, of those that the newest export does not hold.
held as (

    select
        sightings.platform_code,
        sightings.object_kind_code,
        sightings.source_name,
        sightings.contract_code,
        sightings.scope_id,
        sightings.object_id,
        min(sightings.created_at) as created_at
    from sightings
    inner join followed
        on
            sightings.platform_code = followed.platform_code
            and sightings.object_kind_code = followed.object_kind_code
            and sightings.source_name = followed.source_name
            and sightings.contract_code = followed.contract_code
            and sightings.scope_id = followed.scope_id
    group by
        sightings.platform_code,
        sightings.object_kind_code,
        sightings.source_name,
        sightings.contract_code,
        sightings.scope_id,
        sightings.object_id
    having max(sightings.exported_at) < max(followed.newest_at)

),

lacking as (

    select
        platform_code,
        object_kind_code,
        object_id
    from held
    group by
        platform_code,
        object_kind_code,
        object_id

),

lacking_scopes as (

    select
        platform_code,
        object_kind_code,
        source_name,
        contract_code,
        scope_id
    from held
    group by
        platform_code,
        object_kind_code,
        source_name,
        contract_code,
        scope_id

),

-- Whatever source saw it: an object that somebody still holds is there.
last_sightings as (

    select
        sightings.platform_code,
        sightings.object_kind_code,
        sightings.object_id,
        max(sightings.exported_at) as last_seen_at
    from sightings
    inner join lacking
        on
            sightings.platform_code = lacking.platform_code
            and sightings.object_kind_code = lacking.object_kind_code
            and sightings.object_id = lacking.object_id
    group by
        sightings.platform_code,
        sightings.object_kind_code,
        sightings.object_id

),

-- What a thread says of itself in its newest export.
declared as (

    select
        platform_code,
        scope_id,
        declared_count
    from sightings
    where declared_count is not null
    qualify
        row_number() over (
            partition by platform_code, scope_id
            order by exported_at desc, file_sha256 desc, declared_count desc
        ) = 1

),

-- One row per file and thread or account in it that lacks something.
files as (

    select
        sightings.platform_code,
        sightings.object_kind_code,
        sightings.source_name,
        sightings.contract_code,
        sightings.scope_id,
        sightings.file_sha256,
        sightings.exported_at,
        min(sightings.period_start) as period_start,
        min(sightings.period_end) as period_end,
        max(sightings.rejected_count) as rejected_count,
        min(sightings.created_at) as first_created_at,
        max(sightings.created_at) as last_created_at,
        count(distinct sightings.object_id) as object_count
    from sightings
    inner join lacking_scopes
        on
            sightings.platform_code = lacking_scopes.platform_code
            and sightings.object_kind_code = lacking_scopes.object_kind_code
            and sightings.source_name = lacking_scopes.source_name
            and sightings.contract_code = lacking_scopes.contract_code
            and sightings.scope_id = lacking_scopes.scope_id
    group by
        sightings.platform_code,
        sightings.object_kind_code,
        sightings.source_name,
        sightings.contract_code,
        sightings.scope_id,
        sightings.file_sha256,
        sightings.exported_at

),

-- How many objects a file holds tells whether it was cut at its limit, where it has one.
limited as (

    select
        sightings.source_name,
        sightings.contract_code,
        sightings.file_sha256
    from sightings
    inner join scopes
        on sightings.contract_code = scopes.contract_code
    where scopes.row_limit_count is not null
    group by
        sightings.source_name,
        sightings.contract_code,
        sightings.file_sha256,
        sightings.platform_code,
        sightings.object_kind_code,
        sightings.scope_id,
        sightings.exported_at,
        sightings.object_id

),

sizes as (

    select
        source_name,
        contract_code,
        file_sha256,
        count(*) as file_object_count
    from limited
    group by
        source_name,
        contract_code,
        file_sha256

),

proving as (

    select
        files.*,
        scopes.scope_code,
        scopes.largest_missing_ratio,
        scopes.small_missing_count
    from files
    inner join scopes
        on files.contract_code = scopes.contract_code
    left join sizes
        on
            files.source_name = sizes.source_name
            and files.contract_code = sizes.contract_code
            and files.file_sha256 = sizes.file_sha256
    left join declared
        on
            files.platform_code = declared.platform_code
            and files.scope_id = declared.scope_id
    where
        coalesce(files.rejected_count, 0) = 0
        and coalesce(mod(sizes.file_object_count, scopes.row_limit_count) <> 0, true)
        and coalesce(
            files.object_count >= scopes.smallest_complete_ratio * declared.declared_count,
            true
        )

),

-- One row per object and file that should hold it.
missed as (

    select
        held.platform_code,
        held.object_kind_code,
        held.object_id,
        held.scope_id,
        held.created_at,
        held.source_name,
        held.contract_code,
        last_sightings.last_seen_at,
        proving.exported_at as missed_at,
        proving.file_sha256,
        proving.object_count,
        proving.largest_missing_ratio,
        proving.small_missing_count,
        count(*) over (
            partition by
                proving.source_name, proving.contract_code, proving.file_sha256,
                proving.object_kind_code, proving.scope_id
        ) as missing_count
    from held
    inner join last_sightings
        on
            held.platform_code = last_sightings.platform_code
            and held.object_kind_code = last_sightings.object_kind_code
            and held.object_id = last_sightings.object_id
    inner join proving
        on
            held.platform_code = proving.platform_code
            and held.object_kind_code = proving.object_kind_code
            and held.source_name = proving.source_name
            and held.contract_code = proving.contract_code
            and held.scope_id = proving.scope_id
            and last_sightings.last_seen_at < proving.exported_at
            and (
                held.created_at between proving.first_created_at and proving.last_created_at
                or (
                    proving.scope_code = 'window'
                    -- Days of an export may be those of another zone: its first and its
                    -- last prove nothing.
                    and cast(held.created_at as date)
                    between {{ days_later('proving.period_start', 1) }} and {{ days_earlier('proving.period_end', 1) }}
                )
            )

)

select * from missed
where
    missing_count <= small_missing_count
    or missing_count <= largest_missing_ratio * (missing_count + object_count)
