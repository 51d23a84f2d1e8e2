-- Accounts that were deleted: what they said stays and names nobody any more. From then
-- on they are nobody in older exports too, which still hold the name. A name that an
-- export of that day or later still gives was not deleted.
with

sightings as (

    select * from {{ ref('stg_landing__object_sightings') }}

),

named as (

    select
        platform_code,
        object_id,
        author_name,
        max(exported_at) as exported_at
    from sightings
    where author_name is not null
    group by
        platform_code,
        object_id,
        author_name

),

last_named as (

    select
        platform_code,
        author_name,
        max(exported_at) as last_named_at
    from named
    group by
        platform_code,
        author_name

),

withdrawn as (

    select
        named.platform_code,
        named.author_name as account_handle,
        sightings.exported_at as withdrawn_at,
        sightings.file_sha256
    from named
    inner join sightings
        on
            named.platform_code = sightings.platform_code
            and named.object_id = sightings.object_id
            and named.exported_at < sightings.exported_at
    inner join last_named
        on
            named.platform_code = last_named.platform_code
            and named.author_name = last_named.author_name
            -- The files of one delivery are made one after the other.
            and sightings.exported_at > {{ seconds_later('last_named.last_named_at', 86400) }}
    where
        sightings.author_name is null
        and not sightings.is_withdrawn
    qualify
        row_number() over (
            partition by named.platform_code, named.author_name
            order by sightings.exported_at, sightings.file_sha256
        ) = 1

)

select * from withdrawn
