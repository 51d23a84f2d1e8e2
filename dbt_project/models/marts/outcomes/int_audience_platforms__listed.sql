{{ config(schema='intermediate', contract={'enforced': false}) }}
-- Where an audience is reached: platforms that the seed describes it by, else all, and
-- "none" for what no link ties to a platform. An audience that a stage describes is on no
-- platform: how many of it a post reached is not known.
with

audiences as (

    select coalesce(nullif(trim(audience_name), ''), 'Everybody') as audience_name
    from {{ ref('stg_programme__objectives') }}
    group by coalesce(nullif(trim(audience_name), ''), 'Everybody')

),

described as (

    select
        audience_name,
        segment_kind_code,
        segment_code
    from {{ ref('audience_segments') }}

),

judged as (

    select
        audiences.audience_name,
        case when count(described.audience_name) = 0 then 'everybody' else 'segment' end
            as scope_code,
        count(case when described.segment_kind_code = 'stage' then 1 end) as stage_count
    from audiences
    left join described
        on audiences.audience_name = described.audience_name
    group by audiences.audience_name

),

platforms as (

    select
        platform_code,
        platform_kind_code
    from {{ ref('platforms') }}

    union all

    select
        'none' as platform_code,
        'none' as platform_kind_code

)

select
    judged.audience_name,
    judged.scope_code,
    platforms.platform_code
from judged
cross join platforms
where judged.scope_code = 'everybody'

union

select
    judged.audience_name,
    judged.scope_code,
    platforms.platform_code
from judged
inner join described
    on judged.audience_name = described.audience_name
inner join platforms
    on
        (described.segment_kind_code = 'platform' and described.segment_code = platforms.platform_code)
        or (
            described.segment_kind_code = 'platform_kind'
            and described.segment_code = platforms.platform_kind_code
        )
where judged.stage_count = 0

union all

select
    audience_name,
    scope_code,
    cast(null as varchar) as platform_code
from judged
where stage_count > 0
