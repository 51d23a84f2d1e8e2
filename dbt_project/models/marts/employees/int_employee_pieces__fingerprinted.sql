{{ config(schema='intermediate', contract={'enforced': false}) }}
-- Original pieces: own words or video, long enough, and not what somebody else made. The
-- same words on several platforms are one piece, which stands until its last copy is gone;
-- the same words put up again after that are a piece again.
with

acts as (

    select
        person_key,
        platform_code,
        act_code,
        coalesce(fingerprint_text_key, act_person_key) as fingerprint_text_key,
        coalesce(character_count, 0) as character_count,
        occurred_at,
        gone_at,
        theme_code
    from {{ ref('int_employee_acts__gathered') }}
    where act_code in ('create', 'reply', 'post', 'video')

),

thresholds as (

    select
        original_text_minimum_count,
        original_reply_minimum_count,
        original_video_minimum_count
    from {{ ref('int_thresholds__pivoted') }}

),

original as (

    select acts.*
    from acts
    cross join thresholds
    where
        acts.character_count >= {{ original_minimum('acts.act_code') }}

),

-- How long any earlier copy stood.
preceded as (

    select
        *,
        max(coalesce(gone_at, timestamp '9999-12-31 00:00:00')) over (
            partition by person_key, fingerprint_text_key
            order by occurred_at, platform_code, act_code, gone_at nulls last
            rows between unbounded preceding and 1 preceding
        ) as stood_until
    from original

),

numbered as (

    select
        *,
        sum(case when stood_until is null or occurred_at > stood_until then 1 else 0 end) over (
            partition by person_key, fingerprint_text_key
            order by occurred_at, platform_code, act_code, gone_at nulls last
            rows between unbounded preceding and current row
        ) as standing_number
    from preceded

),

-- One row per piece and time that it stood.
pieces as (

    select
        person_key,
        fingerprint_text_key,
        cast(standing_number as bigint) as standing_number,
        min(platform_code) as platform_code,
        min(act_code) as act_code,
        min(theme_code) as theme_code,
        max(character_count) as character_count,
        count(*) as copy_count,
        min(occurred_at) as published_at,
        {{ local_date('min(occurred_at)') }} as published_date,
        case when count(*) = count(gone_at) then max(gone_at) end as withdrawn_at
    from numbered
    group by
        person_key,
        fingerprint_text_key,
        standing_number

)

select * from pieces
