{{ config(schema='intermediate', contract={'enforced': false}) }}
-- Results of each employee in each half-year, counted twice: as known when the ranking
-- froze, and as known now. Before the freeze both are the same.
with

thresholds as (

    select recognition_freeze_days
    from {{ ref('int_thresholds__pivoted') }}

),

employees as (

    select
        person_key,
        max(enrolled_on) as enrolled_on
    from {{ ref('int_employee_accounts__linked') }}
    group by person_key

),

periods as (

    select
        {{ halfyear_start('weeks.week_start') }} as period_start,
        {{ halfyear_end('weeks.week_start') }} as period_end,
        {{ days_later(halfyear_end('weeks.week_start'), 'max(thresholds.recognition_freeze_days)') }} as frozen_on
    from {{ ref('dim_weeks') }} as weeks
    cross join thresholds
    group by
        {{ halfyear_start('weeks.week_start') }},
        {{ halfyear_end('weeks.week_start') }}

),

-- One row per employee and half-year in which the employee took part.
employee_periods as (

    select
        employees.person_key,
        periods.period_start,
        periods.period_end,
        periods.frozen_on,
        least({{ local_midnight(days_later('periods.frozen_on', 1)) }}, {{ as_of() }}) as judged_at
    from employees
    inner join periods
        on employees.enrolled_on <= periods.period_end

),

views as (

    select
        employee_periods.*,
        'frozen' as view_code,
        judged_at as known_at
    from employee_periods

    union all

    select
        employee_periods.*,
        'current' as view_code,
        {{ as_of() }} as known_at
    from employee_periods

),

conversions as (

    select * from {{ ref('int_conversions__attributed') }}
    where employee_person_key is not null

),

answers as (

    select * from {{ ref('int_employee_exchanges__gathered') }}

),

converted as (

    select
        views.person_key,
        views.period_start,
        views.view_code,
        sum(case when conversions.kind_code = 'lead' then conversions.credit_count else 0 end) as lead_count,
        sum(case when conversions.kind_code = 'download' then conversions.credit_count else 0 end) as download_count,
        min(conversions.occurred_at) as first_result_at
    from views
    inner join conversions
        on
            views.person_key = conversions.employee_person_key
            and conversions.occurred_date between views.period_start and views.period_end
            and conversions.first_exported_at < views.known_at
    group by
        views.person_key,
        views.period_start,
        views.view_code

),

-- One row per conversation with an outsider in which both answered each other.
exchanged as (

    select
        views.person_key,
        views.period_start,
        views.view_code,
        answers.thread_key,
        answers.outsider_person_key,
        greatest(
            min(answers.occurred_at) filter (where answers.direction_code = 'given'),
            min(answers.occurred_at) filter (where answers.direction_code = 'received')
        ) as exchanged_at
    from views
    inner join answers
        on
            views.person_key = answers.person_key
            and answers.occurred_date between views.period_start and views.period_end
            and (answers.gone_at is null or answers.gone_at >= views.known_at)
    group by
        views.person_key,
        views.period_start,
        views.view_code,
        answers.thread_key,
        answers.outsider_person_key
    having count(distinct answers.direction_code) = 2

),

conversed as (

    select
        person_key,
        period_start,
        view_code,
        count(distinct thread_key) as conversation_count,
        min(exchanged_at) as first_result_at
    from exchanged
    group by
        person_key,
        period_start,
        view_code

),

counted as (

    select
        views.person_key,
        views.period_start,
        views.period_end,
        views.frozen_on,
        {{ as_of() }} >= {{ local_midnight(days_later('views.frozen_on', 1)) }} as is_frozen,
        views.view_code,
        coalesce(converted.lead_count, 0) as lead_count,
        coalesce(converted.download_count, 0) as download_count,
        coalesce(conversed.conversation_count, 0) as conversation_count,
        least(converted.first_result_at, conversed.first_result_at) as first_result_at
    from views
    left join converted
        on
            views.person_key = converted.person_key
            and views.period_start = converted.period_start
            and views.view_code = converted.view_code
    left join conversed
        on
            views.person_key = conversed.person_key
            and views.period_start = conversed.period_start
            and views.view_code = conversed.view_code

)

select * from counted
