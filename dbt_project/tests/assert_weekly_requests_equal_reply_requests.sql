-- Every request is in its platform's week and once in the row for all platforms.
with

requests as (

    select
        occurred_week as week_start,
        platform_code,
        count(*) as reply_request_count
    from {{ ref('fct_reply_requests') }}
    group by
        occurred_week,
        platform_code

    union all

    select
        occurred_week as week_start,
        'all' as platform_code,
        count(*) as reply_request_count
    from {{ ref('fct_reply_requests') }}
    group by occurred_week

)

select *
from {{ ref('agg_weekly_dialogue') }} as dialogue
full outer join requests
    on
        dialogue.week_start = requests.week_start
        and dialogue.platform_code = requests.platform_code
where coalesce(dialogue.reply_request_count, 0) <> coalesce(requests.reply_request_count, 0)
