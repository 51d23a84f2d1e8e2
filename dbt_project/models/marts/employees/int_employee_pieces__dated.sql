{{ config(schema='intermediate', contract={'enforced': false}) }}
-- When an original piece began to count for an award, and when it ceased to, in the order
-- in which exports told (ADR 0019). A piece counts when its week is over and an export has
-- held it long enough; it ceases with the week in which an export first missed it.
with

exports as (

    select * from {{ ref('int_employee_acts__exported') }}

),

thresholds as (

    select
        original_text_minimum_count,
        original_reply_minimum_count,
        original_video_minimum_count
    from {{ ref('int_thresholds__pivoted') }}

),

acts as (

    select
        act_person_key,
        person_key,
        platform_code,
        act_code,
        source_id,
        occurred_at,
        occurred_date,
        first_named_at
    from {{ ref('int_employee_acts__gathered') }}
    where act_code in ('create', 'reply', 'post', 'video')

),

gone as (

    select
        platform_code,
        object_id,
        min(gone_at) as gone_at
    from {{ ref('int_objects__gone') }}
    group by
        platform_code,
        object_id

),

-- One row per act that an export ever held long enough: the first that did, and its words.
original as (

    select
        acts.act_person_key,
        min(exports.exported_at) as exported_at,
        min_by(exports.fingerprint_text_key, (exports.exported_at, exports.fingerprint_text_key))
            as fingerprint_text_key
    from acts
    inner join exports
        on acts.act_person_key = exports.act_person_key
    cross join thresholds
    where
        coalesce(exports.character_count, 0) >= {{ original_minimum('acts.act_code') }}
    group by acts.act_person_key

),

known as (

    select
        acts.act_person_key,
        acts.person_key,
        coalesce(original.fingerprint_text_key, acts.act_person_key) as fingerprint_text_key,
        acts.occurred_at,
        {{ reporting_week('acts.occurred_date') }} as occurred_week,
        greatest(original.exported_at, acts.first_named_at) as known_at,
        gone.gone_at
    from acts
    inner join original
        on acts.act_person_key = original.act_person_key
    left join gone
        on
            acts.platform_code = gone.platform_code
            and acts.source_id = gone.object_id

),

counted as (

    select
        *,
        greatest(known_at, {{ local_midnight(days_later('occurred_week', 7)) }}) as counted_at,
        known_at >= {{ local_midnight(days_later('occurred_week', 14)) }} as is_late,
        {{ local_midnight(days_later(reporting_week(local_date('gone_at')), 7)) }} as ceased_at
    from known

),

-- Builds of a week end with the next one, so that none of them shows what a build of the
-- next week has to put in front of it.
visible as (

    select
        act_person_key,
        person_key,
        fingerprint_text_key,
        occurred_at,
        known_at,
        is_late,
        counted_at,
        case when ceased_at < {{ ledger_end_at() }} then ceased_at end as ceased_at,
        case when ceased_at < {{ ledger_end_at() }} then gone_at end as gone_at,
        {{ local_midnight(days_later(reporting_week(local_date('min(counted_at) over (partition by person_key)')), 7)) }}
            as opening_end_at
    from counted
    where
        counted_at < {{ ledger_end_at() }}
        and coalesce(ceased_at > counted_at, true)

),

-- What a ledger opens with is history, dated by publication; what comes late after that is
-- dated by the export that told of it.
dated as (

    select
        *,
        case when is_late and counted_at >= opening_end_at then known_at else occurred_at end as dated_at
    from visible

),

-- Until when any earlier copy counted.
preceded as (

    select
        *,
        max(coalesce(ceased_at, timestamp '9999-12-31 00:00:00')) over (
            partition by person_key, fingerprint_text_key
            order by counted_at, dated_at, act_person_key
            rows between unbounded preceding and 1 preceding
        ) as counted_until
    from dated

),

numbered as (

    select
        *,
        sum(case when counted_until is null or counted_at > counted_until then 1 else 0 end) over (
            partition by person_key, fingerprint_text_key
            order by counted_at, dated_at, act_person_key
            rows between unbounded preceding and current row
        ) as standing_number
    from preceded

)

-- One row per piece and time that it counted.
select
    person_key,
    fingerprint_text_key,
    cast(standing_number as bigint) as standing_number,
    min(counted_at) as counted_at,
    min_by(dated_at, (counted_at, dated_at, act_person_key)) as dated_at,
    case when count(*) = count(ceased_at) then max(ceased_at) end as ceased_at,
    case when count(*) = count(ceased_at) then max(gone_at) end as withdrawn_at
from numbered
group by
    person_key,
    fingerprint_text_key,
    standing_number
