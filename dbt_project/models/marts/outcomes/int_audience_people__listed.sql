{{ config(schema='intermediate', contract={'enforced': false}) }}
-- Who an objective is about: the people of its audience where the seed describes it, else
-- everybody. Membership is that of the reporting week, for all months.
with

audiences as (

    select
        coalesce(nullif(trim(objectives.audience_name), ''), 'Everybody') as audience_name,
        max(case when described.audience_name is null then 'everybody' else 'segment' end)
            as scope_code
    from {{ ref('stg_programme__objectives') }} as objectives
    left join {{ ref('audience_segments') }} as described
        on trim(objectives.audience_name) = described.audience_name
    group by coalesce(nullif(trim(objectives.audience_name), ''), 'Everybody')

)

select
    audiences.audience_name,
    audiences.scope_code,
    members.person_key
from audiences
inner join {{ ref('int_segment_people__listed') }} as members
    on
        members.segment_kind_code = 'audience'
        and audiences.audience_name = members.segment_code
where audiences.scope_code = 'segment'

union all

select
    audiences.audience_name,
    audiences.scope_code,
    people.person_key
from audiences
cross join {{ ref('dim_people') }} as people
where audiences.scope_code = 'everybody' and people.actor_class_code = 'stakeholder'
