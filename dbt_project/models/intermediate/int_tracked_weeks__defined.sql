-- The set of entities that each week is compared in. Its version is a digest of codes,
-- keywords and days of validity within the week, so that an entity that enters on a
-- Wednesday makes that week comparable neither with the one before nor with the next.
with

weeks as (

    select week_start
    from {{ ref('int_weeks__listed') }}

),

entities as (

    select * from {{ ref('int_tracked_entities__worded') }}

),

valid_entities as (

    select
        weeks.week_start,
        entities.entity_code,
        bool_or(entities.is_own) as is_own,
        {{ joined_text(
            "concat_ws(':', entities.keyword_text, cast(entities.is_own as varchar), "
            ~ days_of_week_text('entities.valid_from', 'entities.valid_to', 'weeks.week_start') ~ ")",
            '|', 'entities.keyword_text, entities.valid_from, entities.valid_to'
        ) }} as definition
    from weeks
    inner join entities
        on
            entities.valid_from < {{ days_later('weeks.week_start', 7) }}
            and entities.valid_to > weeks.week_start
    group by
        weeks.week_start,
        entities.entity_code

),

versions as (

    select
        week_start,
        count(*) as tracked_entity_count,
        {{ hash_of(joined_text("entity_code || '=' || definition", ';', 'entity_code')) }}
            as set_version
    from valid_entities
    group by week_start

)

select
    valid_entities.week_start,
    valid_entities.entity_code,
    valid_entities.is_own,
    versions.tracked_entity_count,
    versions.set_version,
    -- The first week has nothing to be compared with.
    previous.week_start is not null
    and previous_versions.set_version is distinct from versions.set_version
        as is_definition_break
from valid_entities
inner join versions
    on valid_entities.week_start = versions.week_start
left join weeks as previous
    on {{ days_earlier('valid_entities.week_start', 7) }} = previous.week_start
left join versions as previous_versions
    on {{ days_earlier('valid_entities.week_start', 7) }} = previous_versions.week_start
