select
    'youtube' as platform_code,
    source_name,
    activity_date,
    cast(null as bigint) as gained_count,
    cast(null as bigint) as lost_count,
    cast(null as bigint) as impression_count,
    view_count,
    cast(null as bigint) as comment_count,
    cast(null as bigint) as share_count,
    cast(null as bigint) as reaction_count,
    cast(null as bigint) as save_count,
    cast(null as bigint) as click_count,
    cast(null as bigint) as profile_visit_count,
    cast(null as bigint) as post_count,
    exported_at,
    file_sha256
from {{ ref('stg_youtube__daily_totals') }}
