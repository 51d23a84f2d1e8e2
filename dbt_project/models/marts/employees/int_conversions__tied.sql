{{ config(schema='intermediate', contract={'enforced': false}) }}
-- Whom a lead or download is tied to: first whom its own tracked link names, else whom the
-- last tracked link of the same CRM record names, up to thirty days before. Told twice: by
-- what is known now, and by what was known when the half-year of the conversion froze.
with

conversions as (

    select
        conversion_key,
        kind_code,
        occurred_at,
        {{ local_date('occurred_at') }} as occurred_date,
        utm_content,
        record_id,
        first_exported_at
    from {{ ref('int_conversions__gathered') }}

),

thresholds as (

    select last_touch_days
    from {{ ref('int_thresholds__pivoted') }}

),

freezes as (

    select
        period_start,
        known_at
    from {{ ref('int_recognition_views__dated') }}
    where view_code = 'frozen'

),

-- Which roster's codes hold: the newest, or that of a freeze.
codes as (

    select
        'current' as roster_code,
        employee_code,
        {{ words_of('employee_code') }} as code_phrase
    from {{ ref('stg_programme__employee_roster') }}
    where employee_code is not null
    group by employee_code

    union all

    select
        cast(period_start as varchar) as roster_code,
        employee_code,
        {{ words_of('employee_code') }} as code_phrase
    from {{ ref('int_recognition_rosters__known') }}
    where view_code = 'frozen'
    group by
        period_start,
        employee_code

),

linked_contents as (

    select utm_content
    from conversions
    where utm_content is not null
    group by utm_content

),

-- One row per roster, content of links and employee whom it names.
named as (

    select
        codes.roster_code,
        linked_contents.utm_content,
        codes.employee_code
    from linked_contents
    inner join codes
        on {{ contains_phrase(words_of('linked_contents.utm_content'), 'codes.code_phrase') }}

),

viewed as (

    select
        'current' as view_code,
        'current' as roster_code,
        conversions.*,
        {{ as_of() }} as known_at
    from conversions

    union all

    select
        'frozen' as view_code,
        cast(freezes.period_start as varchar) as roster_code,
        conversions.*,
        freezes.known_at
    from conversions
    inner join freezes
        on
            {{ halfyear_start('conversions.occurred_date') }} = freezes.period_start
            and conversions.first_exported_at < freezes.known_at

),

tied as (

    select
        viewed.view_code,
        viewed.conversion_key,
        'tracked_link' as rule_code,
        named.employee_code
    from viewed
    inner join named
        on
            viewed.roster_code = named.roster_code
            and viewed.utm_content = named.utm_content

    union all

    -- One row per conversion without such a link and employee of its latest touch.
    select
        untracked.view_code,
        untracked.conversion_key,
        'last_touch' as rule_code,
        named.employee_code
    from (
        select viewed.*
        from viewed
        left join named
            on
                viewed.roster_code = named.roster_code
                and viewed.utm_content = named.utm_content
        where named.utm_content is null
    ) as untracked
    cross join thresholds
    inner join conversions as touches
        on
            untracked.record_id = touches.record_id
            and touches.first_exported_at < untracked.known_at
            and touches.occurred_at <= untracked.occurred_at
            and {{ seconds_between('touches.occurred_at', 'untracked.occurred_at') }}
            <= thresholds.last_touch_days * 86400
    inner join named
        on
            untracked.roster_code = named.roster_code
            and touches.utm_content = named.utm_content
    qualify
        dense_rank() over (
            partition by untracked.view_code, untracked.conversion_key
            order by touches.occurred_at desc
        ) = 1

),

tied_once as (

    select
        view_code,
        conversion_key,
        rule_code,
        employee_code
    from tied
    group by
        view_code,
        conversion_key,
        rule_code,
        employee_code

)

select
    tied_once.view_code,
    tied_once.conversion_key,
    conversions.kind_code,
    conversions.occurred_at,
    conversions.occurred_date,
    tied_once.rule_code,
    tied_once.employee_code,
    count(*) over (partition by tied_once.view_code, tied_once.conversion_key) as tied_count
from tied_once
inner join conversions
    on tied_once.conversion_key = conversions.conversion_key
