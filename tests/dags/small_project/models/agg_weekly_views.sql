{{ config(materialized="table", schema="marts", meta={"publish": true}) }}
select
    date '{{ var("week") }}' as week_start,
    _source_name as source_name,
    md5(_source_name) as person_key,
    sum(impression_count)::bigint as impression_count
from {{ source("raw", "x__daily_overview") }}
where _exported_at < timestamp '{{ var("as_of") }}'
group by all
