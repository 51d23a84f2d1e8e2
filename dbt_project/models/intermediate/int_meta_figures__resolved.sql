-- The overview has a line per figure and day; the legacy Insights of Facebook have hundreds
-- of figures, of which these are the same. A title without a platform belongs to the one
-- platform of Meta that the source is declared for; else nobody knows whose it is.
with

overview as (

    select * from {{ ref('stg_meta__daily_figures') }}

),

insights as (

    select * from {{ ref('stg_facebook__page_insights') }}

),

declared as (

    select
        source_name,
        min(platform_code) as platform_code
    from {{ ref('int_accounts__declared') }}
    where platform_code in ('facebook', 'instagram')
    group by source_name
    having count(distinct platform_code) = 1

),

figures as (

    select
        coalesce(overview.platform_code, declared.platform_code) as platform_code,
        overview.source_name,
        overview.activity_date,
        overview.metric_code,
        overview.figure_count,
        overview.title_text as figure_name,
        false as is_legacy,
        overview.exported_at,
        overview.file_sha256
    from overview
    left join declared
        on overview.source_name = declared.source_name

    union all

    select
        'facebook' as platform_code,
        source_name,
        activity_date,
        case metric_name
            when 'Daily New Likes [unique]' then 'gained_count'
            when 'Daily Unlikes [unique]' then 'lost_count'
            when 'Daily Total Impressions [total]' then 'impression_count'
            when 'Daily Logged-in Page Views [total]' then 'profile_visit_count'
        end as metric_code,
        cast(metric_value as bigint) as figure_count,
        metric_name as figure_name,
        true as is_legacy,
        exported_at,
        file_sha256
    from insights

),

resolved as (

    select *
    from figures
    where
        platform_code is not null
        and metric_code is not null
        and figure_count is not null
    qualify
        row_number() over (
            partition by platform_code, source_name, activity_date, metric_code
            order by is_legacy, exported_at desc, file_sha256 desc, figure_name
        ) = 1

)

select * from resolved
