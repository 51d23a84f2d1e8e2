{{ config(schema='intermediate', contract={'enforced': false}) }}
-- Which segments a person belongs to when the week closes: the home platform, the stage
-- of the funnel, and each audience of an objective that the seed describes.
with

people as (

    select
        people.person_key,
        people.platform_code,
        platforms.platform_kind_code
    from {{ ref('dim_people') }} as people
    left join {{ ref('platforms') }} as platforms
        on people.platform_code = platforms.platform_code
    where people.actor_class_code = 'stakeholder'

),

staged as (

    select
        stages.person_key,
        names.stage_code
    from {{ ref('int_person_stages__dated') }} as stages
    inner join {{ ref('funnel_stages') }} as names
        on stages.stage_number = names.stage_number
    where {{ built_week() }} between stages.first_week and stages.last_week

),

places as (

    select
        person_key,
        'platform' as segment_kind_code,
        platform_code as segment_code
    from people

    union all

    select
        person_key,
        'platform_kind' as segment_kind_code,
        platform_kind_code as segment_code
    from people

    union all

    select
        person_key,
        'stage' as segment_kind_code,
        stage_code as segment_code
    from staged

),

audiences as (

    select
        places.person_key,
        'audience' as segment_kind_code,
        audiences.audience_name as segment_code
    from {{ ref('audience_segments') }} as audiences
    inner join places
        on
            audiences.segment_kind_code = places.segment_kind_code
            and audiences.segment_code = places.segment_code
    group by
        places.person_key,
        audiences.audience_name

)

select
    segment_kind_code,
    segment_code,
    person_key
from places
where segment_kind_code <> 'platform_kind'

union all

select
    segment_kind_code,
    segment_code,
    person_key
from audiences
