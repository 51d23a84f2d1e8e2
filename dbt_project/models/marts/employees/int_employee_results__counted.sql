{{ config(schema='intermediate', contract={'enforced': false}) }}
-- What came of it in the same ninety days: exchanges with outsiders, leads and downloads
-- owed to the employee, and how the network grew. Null where no source says it.
with

employee_weeks as (

    select
        person_key,
        week_start,
        window_start
    from {{ ref('int_employee_activity__counted') }}

),

answers as (

    select
        person_key,
        thread_key,
        outsider_person_key,
        direction_code,
        occurred_date
    from {{ ref('int_employee_exchanges__gathered') }}
    where gone_at is null

),

conversions as (

    select
        employee_person_key,
        kind_code,
        occurred_date,
        credit_count
    from {{ ref('int_conversions__attributed') }}

),

conversion_span as (

    select min(occurred_date) as first_date
    from conversions

),

people as (

    select
        employee_code,
        min(person_key) as person_key
    from {{ ref('int_employee_accounts__linked') }}
    group by employee_code

),

-- One row per employee, platform and day of reading.
readings as (

    select
        people.person_key,
        networks.platform_code,
        networks.counted_on,
        max(networks.connection_count) as connection_count
    from {{ ref('stg_programme__employee_networks') }} as networks
    inner join people
        on networks.employee_code = people.employee_code
    where networks.counted_on is not null
    group by
        people.person_key,
        networks.platform_code,
        networks.counted_on

),

exchanged as (

    select
        employee_weeks.person_key,
        employee_weeks.week_start,
        answers.thread_key,
        answers.outsider_person_key
    from employee_weeks
    inner join answers
        on
            employee_weeks.person_key = answers.person_key
            and answers.occurred_date >= employee_weeks.window_start
            and answers.occurred_date < {{ days_later('employee_weeks.week_start', 7) }}
    group by
        employee_weeks.person_key,
        employee_weeks.week_start,
        answers.thread_key,
        answers.outsider_person_key
    having count(distinct answers.direction_code) = 2

),

exchange_counts as (

    select
        person_key,
        week_start,
        count(*) as exchange_count,
        count(distinct thread_key) as conversation_count
    from exchanged
    group by
        person_key,
        week_start

),

conversion_counts as (

    select
        employee_weeks.person_key,
        employee_weeks.week_start,
        sum(case when conversions.kind_code = 'lead' then conversions.credit_count else 0 end) as lead_count,
        sum(case when conversions.kind_code = 'download' then conversions.credit_count else 0 end) as download_count
    from employee_weeks
    inner join conversions
        on
            employee_weeks.person_key = conversions.employee_person_key
            and conversions.occurred_date >= employee_weeks.window_start
            and conversions.occurred_date < {{ days_later('employee_weeks.week_start', 7) }}
    group by
        employee_weeks.person_key,
        employee_weeks.week_start

),

-- One row per employee, week and platform: what was last read by either end.
platform_networks as (

    select
        employee_weeks.person_key,
        employee_weeks.week_start,
        readings.platform_code,
        max_by(readings.connection_count, readings.counted_on)
            filter (where readings.counted_on < employee_weeks.window_start) as opening_count,
        max_by(readings.connection_count, readings.counted_on) as closing_count
    from employee_weeks
    inner join readings
        on
            employee_weeks.person_key = readings.person_key
            and readings.counted_on < {{ days_later('employee_weeks.week_start', 7) }}
    group by
        employee_weeks.person_key,
        employee_weeks.week_start,
        readings.platform_code

),

networks as (

    select
        person_key,
        week_start,
        cast(sum(closing_count) as bigint) as network_count,
        cast(sum(closing_count - opening_count) as bigint) as network_growth_count
    from platform_networks
    group by
        person_key,
        week_start

),

counted as (

    select
        employee_weeks.person_key,
        employee_weeks.week_start,
        coalesce(exchange_counts.exchange_count, 0) as exchange_count,
        coalesce(exchange_counts.conversation_count, 0) as conversation_count,
        coalesce(conversion_span.first_date < {{ days_later('employee_weeks.week_start', 7) }}, false) as has_result_source,
        case
            when conversion_span.first_date < {{ days_later('employee_weeks.week_start', 7) }}
                then coalesce(conversion_counts.lead_count, 0)
        end as lead_count,
        case
            when conversion_span.first_date < {{ days_later('employee_weeks.week_start', 7) }}
                then coalesce(conversion_counts.download_count, 0)
        end as download_count,
        networks.network_count,
        networks.network_growth_count
    from employee_weeks
    cross join conversion_span
    left join exchange_counts
        on
            employee_weeks.person_key = exchange_counts.person_key
            and employee_weeks.week_start = exchange_counts.week_start
    left join conversion_counts
        on
            employee_weeks.person_key = conversion_counts.person_key
            and employee_weeks.week_start = conversion_counts.week_start
    left join networks
        on
            employee_weeks.person_key = networks.person_key
            and employee_weeks.week_start = networks.week_start

)

select * from counted
