with

source as (

    select * from {{ source('sprout', 'profile_days') }}

),

latest as (

    {{ latest_version('source', ['_source_name', 'network_name', 'profile_name', 'activity_date']) }}

),

renamed as (

    select
        activity_date,
        profile_name,
        network_name,
        follower_count,
        net_count,
        gained_count,
        lost_count,
        impression_count,
        engagement_count,
        reaction_count,
        comment_count,
        share_count,
        save_count,
        click_count,
        post_count,
        _source_name as source_name,
        _exported_at as exported_at,
        _file_sha256 as file_sha256
    from latest

)

select * from renamed
