-- When an object went, and which file shows it: a newer export misses it, or holds a
-- placeholder in its place. Nothing is erased: what was known before stays known for
-- every earlier as_of.
with

placeholders as (

    select
        platform_code,
        object_kind_code,
        object_id
    from {{ ref('stg_landing__object_sightings') }}
    where is_withdrawn
    group by
        platform_code,
        object_kind_code,
        object_id

),

-- Every sighting of what stands as a placeholder somewhere; of nothing else can the
-- newest export be one.
sightings as (

    select sightings.*
    from {{ ref('stg_landing__object_sightings') }} as sightings
    inner join placeholders
        on
            sightings.platform_code = placeholders.platform_code
            and sightings.object_kind_code = placeholders.object_kind_code
            and sightings.object_id = placeholders.object_id

),

-- One row per object: how its newest export gives it.
newest as (

    select
        platform_code,
        object_kind_code,
        object_id,
        is_withdrawn
    from sightings
    qualify
        row_number() over (
            partition by platform_code, object_kind_code, object_id
            order by exported_at desc, file_sha256 desc, is_withdrawn desc
        ) = 1

),

whole as (

    select
        platform_code,
        object_kind_code,
        object_id,
        max(exported_at) as last_seen_at
    from sightings
    where not is_withdrawn
    group by
        platform_code,
        object_kind_code,
        object_id

),

withdrawn as (

    select
        sightings.platform_code,
        sightings.object_kind_code,
        sightings.object_id,
        sightings.scope_id,
        sightings.created_at,
        'withdrawn' as deletion_code,
        whole.last_seen_at,
        sightings.exported_at as gone_at,
        sightings.source_name,
        sightings.contract_code,
        sightings.file_sha256
    from sightings
    inner join newest
        on
            sightings.platform_code = newest.platform_code
            and sightings.object_kind_code = newest.object_kind_code
            and sightings.object_id = newest.object_id
    left join whole
        on
            sightings.platform_code = whole.platform_code
            and sightings.object_kind_code = whole.object_kind_code
            and sightings.object_id = whole.object_id
    where
        newest.is_withdrawn
        and sightings.is_withdrawn
        and coalesce(sightings.exported_at > whole.last_seen_at, true)

),

vanished as (

    select
        platform_code,
        object_kind_code,
        object_id,
        scope_id,
        created_at,
        'vanished' as deletion_code,
        last_seen_at,
        missed_at as gone_at,
        source_name,
        contract_code,
        file_sha256
    from {{ ref('int_objects__missed') }}

),

gathered as (

    select * from withdrawn

    union all

    select * from vanished

),

-- The first export that shows it.
first_shown as (

    select *
    from gathered
    qualify
        row_number() over (
            partition by platform_code, object_kind_code, object_id
            order by gone_at, deletion_code desc, file_sha256, source_name
        ) = 1

)

select
    first_shown.*,
    case
        when object_kind_code = 'interaction'
            then {{ surrogate_key(['platform_code', 'object_id']) }}
    end as interaction_key
from first_shown
