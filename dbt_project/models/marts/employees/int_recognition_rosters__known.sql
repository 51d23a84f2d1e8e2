{{ config(schema='intermediate', contract={'enforced': false}) }}
-- What the newest roster said by the moment until which a half-year is known.
with

views as (

    select * from {{ ref('int_recognition_views__dated') }}

),

rosters as (

    select * from {{ ref('stg_landing__employee_rosters') }}

)

select
    views.period_start,
    views.period_end,
    views.frozen_on,
    views.is_frozen,
    views.view_code,
    views.known_at,
    views.known_on,
    rosters.employee_code,
    rosters.has_opted_in,
    rosters.opted_in_on,
    rosters.opted_out_on,
    rosters.source_name,
    rosters.file_sha256
from views
inner join rosters
    on rosters.exported_at < views.known_at
qualify
    dense_rank() over (
        partition by views.period_start, views.view_code, rosters.source_name
        order by rosters.exported_at desc, rosters.file_sha256 desc
    ) = 1
