{{ config(schema='intermediate', contract={'enforced': false}) }}
-- Who has us in mind: our part of the authors who name a tracked entity, and the people who
-- speak of us without being asked. An author of three entities is a third of one for each.
with

periods as (

    select
        period_kind_code,
        period_start,
        period_end
    from {{ ref('int_outcome_periods__listed') }}

),

people as (

    select
        audience_name,
        person_key
    from {{ ref('int_audience_people__listed') }}

),

audience_periods as (

    select
        audiences.audience_name,
        periods.period_kind_code,
        periods.period_start,
        periods.period_end
    from (select distinct audience_name from {{ ref('int_audience_platforms__listed') }}) as audiences
    cross join periods

),

interactions as (

    select
        interaction_key,
        parent_interaction_key,
        person_key,
        actor_class_code,
        occurred_date,
        mentions_org
    from {{ ref('fct_interactions') }}

),

sets as (

    select
        week_start,
        entity_code,
        is_own,
        tracked_entity_count
    from {{ ref('int_tracked_weeks__defined') }}

),

set_sizes as (

    select
        periods.period_kind_code,
        periods.period_start,
        min(sets.tracked_entity_count) as tracked_entity_count
    from periods
    inner join sets
        on
            sets.week_start < periods.period_end
            and {{ days_later('sets.week_start', 7) }} > periods.period_start
    group by
        periods.period_kind_code,
        periods.period_start

),

-- One row per audience, period and author.
authors as (

    select
        people.audience_name,
        periods.period_kind_code,
        periods.period_start,
        mentions.person_key,
        count(distinct mentions.entity_code) as entity_count,
        count(distinct case when sets.is_own then mentions.entity_code end) as own_entity_count
    from {{ ref('int_interaction_entities__matched') }} as mentions
    inner join interactions
        on mentions.interaction_key = interactions.interaction_key
    inner join sets
        on
            mentions.occurred_week = sets.week_start
            and mentions.entity_code = sets.entity_code
    inner join people
        on mentions.person_key = people.person_key
    inner join periods
        on
            interactions.occurred_date >= periods.period_start
            and interactions.occurred_date < periods.period_end
    group by
        people.audience_name,
        periods.period_kind_code,
        periods.period_start,
        mentions.person_key

),

-- Whole thousand millionths: sums of doubles depend on the order of the rows.
voices as (

    select
        audience_name,
        period_kind_code,
        period_start,
        count(*) as author_count,
        cast(sum(cast(round(1000000000 * {{ safe_ratio('own_entity_count', 'entity_count') }}) as bigint)) as bigint)
            as own_points
    from authors
    group by
        audience_name,
        period_kind_code,
        period_start

),

unprompted as (

    select
        people.audience_name,
        periods.period_kind_code,
        periods.period_start,
        count(*) as mention_count,
        count(distinct interactions.person_key) as author_count
    from interactions
    left join interactions as parents
        on interactions.parent_interaction_key = parents.interaction_key
    inner join people
        on interactions.person_key = people.person_key
    inner join periods
        on
            interactions.occurred_date >= periods.period_start
            and interactions.occurred_date < periods.period_end
    where
        interactions.actor_class_code = 'stakeholder'
        and interactions.mentions_org
        and coalesce(parents.actor_class_code, 'none') not in ('org', 'employee')
    group by
        people.audience_name,
        periods.period_kind_code,
        periods.period_start

),

-- Whom few people name can be told from who they are.
thresholds as (

    select segment_person_minimum_count
    from {{ ref('int_thresholds__pivoted') }}

),

melted as (

    select
        audience_periods.audience_name,
        audience_periods.period_kind_code,
        audience_periods.period_start,
        'share_of_voice_authors' as indicator_code,
        case
            when
                set_sizes.tracked_entity_count >= 2
                and voices.author_count >= thresholds.segment_person_minimum_count
                then round({{ safe_ratio('voices.own_points', 'voices.author_count') }} / 1000000000, 9)
        end as value,
        case
            when voices.author_count >= thresholds.segment_person_minimum_count
                then round(cast(voices.own_points as double) / 1000000000, 9)
        end as numerator,
        case
            when voices.author_count >= thresholds.segment_person_minimum_count
                then cast(voices.author_count as double)
        end as denominator,
        coalesce(voices.author_count, 0) as n,
        case
            when set_sizes.tracked_entity_count is null or set_sizes.tracked_entity_count < 2
                then 'too_few_entities'
            when voices.author_count is null then 'nobody'
            when voices.author_count < thresholds.segment_person_minimum_count then 'too_few_people'
        end as reason_code
    from audience_periods
    cross join thresholds
    left join set_sizes
        on
            audience_periods.period_kind_code = set_sizes.period_kind_code
            and audience_periods.period_start = set_sizes.period_start
    left join voices
        on
            audience_periods.audience_name = voices.audience_name
            and audience_periods.period_kind_code = voices.period_kind_code
            and audience_periods.period_start = voices.period_start

    union all

    select
        audience_periods.audience_name,
        audience_periods.period_kind_code,
        audience_periods.period_start,
        'unprompted_mention_authors' as indicator_code,
        cast(coalesce(unprompted.author_count, 0) as double) as value,
        cast(coalesce(unprompted.author_count, 0) as double) as numerator,
        cast(null as double) as denominator,
        coalesce(unprompted.mention_count, 0) as n,
        cast(null as varchar) as reason_code
    from audience_periods
    left join unprompted
        on
            audience_periods.audience_name = unprompted.audience_name
            and audience_periods.period_kind_code = unprompted.period_kind_code
            and audience_periods.period_start = unprompted.period_start

)

select
    *,
    cast(null as double) as coverage_ratio
from melted
