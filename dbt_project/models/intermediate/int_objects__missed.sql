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

-- One row per object, source and contract.
held as (

    select
        platform_code,
        object_kind_code,
        source_name,
        contract_code,
        scope_id,
        object_id,
        min(created_at) as created_at
    from sightings
    group by
        platform_code,
        object_kind_code,
        source_name,
        contract_code,
        scope_id,
        object_id

),

-- Whatever source saw it: an object that somebody still holds is there.
last_sightings as (

    select
        platform_code,
        object_kind_code,
        object_id,
        max(exported_at) as last_seen_at
    from sightings
    group by
        platform_code,
        object_kind_code,
        object_id

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

-- One row per file and thread or account in it.
files as (

    select
        platform_code,
        object_kind_code,
        source_name,
        contract_code,
        scope_id,
        file_sha256,
        exported_at,
        min(period_start) as period_start,
        min(period_end) as period_end,
        max(rejected_count) as rejected_count,
        min(created_at) as first_created_at,
        max(created_at) as last_created_at,
        count(distinct object_id) as object_count
    from sightings
    group by
        platform_code,
        object_kind_code,
        source_name,
        contract_code,
        scope_id,
        file_sha256,
        exported_at

),

sized as (

    select
        files.*,
        sum(object_count) over (partition by source_name, contract_code, file_sha256)
            as file_object_count
    from files

),

proving as (

    select
        sized.*,
        scopes.scope_code,
        scopes.largest_missing_ratio,
        scopes.small_missing_count
    from sized
    inner join scopes
        on sized.contract_code = scopes.contract_code
    left join declared
        on
            sized.platform_code = declared.platform_code
            and sized.scope_id = declared.scope_id
    where
        coalesce(sized.rejected_count, 0) = 0
        and coalesce(mod(sized.file_object_count, scopes.row_limit_count) <> 0, true)
        and coalesce(
            sized.object_count >= scopes.smallest_complete_ratio * declared.declared_count,
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
