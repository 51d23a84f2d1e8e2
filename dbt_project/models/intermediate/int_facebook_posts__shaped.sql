-- The title repeats the description or stands above it.
select
    'facebook' as platform_code,
    source_name,
    post_id,
    page_id as source_account_id,
    cast(null as varchar) as source_account_handle,
    concat_ws(chr(10), nullif(title_text, description_text), description_text) as post_text,
    posted_at,
    {{ local_date('posted_at') }} as posted_date,
    case
        when funded_status_name is not null
            then lower(funded_status_name) not in ('', 'organic', 'not funded', 'none')
    end as is_boosted,
    comment_count,
    share_count,
    reaction_count,
    cast(null as bigint) as save_count,
    click_count,
    cast(null as bigint) as follow_count,
    cast(null as bigint) as profile_visit_count,
    impression_count,
    view_count,
    reach_count,
    exported_at as observed_at,
    file_sha256
from {{ ref('stg_facebook__posts') }}
