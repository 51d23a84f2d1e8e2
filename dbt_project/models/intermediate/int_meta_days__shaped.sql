-- One figure per file, put side by side. Reach and viewers are daily uniques and stay out.
{%- set figures = [
    'gained_count', 'lost_count', 'impression_count', 'view_count', 'click_count',
    'profile_visit_count',
] %}
with

figures as (

    select * from {{ ref('int_meta_figures__resolved') }}
    where metric_code in ('{{ figures | join("', '") }}')

),

shaped as (

    select
        platform_code,
        source_name,
        activity_date,
        {%- for figure in figures %}
        max(figure_count) filter (where metric_code = '{{ figure }}') as {{ figure }},
        {%- endfor %}
        cast(null as bigint) as comment_count,
        cast(null as bigint) as share_count,
        cast(null as bigint) as reaction_count,
        cast(null as bigint) as save_count,
        cast(null as bigint) as post_count,
        max(exported_at) as exported_at,
        max(file_sha256) as file_sha256
    from figures
    group by
        platform_code,
        source_name,
        activity_date

)

select * from shaped
