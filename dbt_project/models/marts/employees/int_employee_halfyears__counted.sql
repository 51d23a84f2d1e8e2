{{ config(schema='intermediate', contract={'enforced': false}) }}
-- Results of each employee in each half-year, counted twice: by what exports, rosters and
-- decisions said when the ranking froze, and by what they say now.
with

accounts as (

    select
        *,
        {{ person_key('platform_code', 'account_id') }} as account_person_key
    from {{ ref('int_recognition_accounts__known') }}

),

enrolments as (

    select
        period_start,
        period_end,
        view_code,
        employee_code,
        enrolled_on
    from accounts
    group by
        period_start,
        period_end,
        view_code,
        employee_code,
        enrolled_on

),

converted as (

    select
        enrolments.period_start,
        enrolments.view_code,
        enrolments.employee_code,
        sum(case when tied.kind_code = 'lead' then 1 / cast(tied.tied_count as double) else 0 end) as lead_count,
        sum(case when tied.kind_code = 'download' then 1 / cast(tied.tied_count as double) else 0 end)
            as download_count,
        min(tied.occurred_at) as first_result_at
    from enrolments
    inner join {{ ref('int_conversions__tied') }} as tied
        on
            enrolments.view_code = tied.view_code
            and enrolments.employee_code = tied.employee_code
            and tied.occurred_date between enrolments.period_start and enrolments.period_end
            and tied.occurred_date >= enrolments.enrolled_on
    group by
        enrolments.period_start,
        enrolments.view_code,
        enrolments.employee_code

),

-- One row per conversation with an outsider in which both answered each other.
exchanged as (

    select
        accounts.period_start,
        accounts.view_code,
        accounts.employee_code,
        exchanges.thread_key,
        exchanges.outsider_person_key,
        greatest(
            min(exchanges.occurred_at) filter (where exchanges.direction_code = 'given'),
            min(exchanges.occurred_at) filter (where exchanges.direction_code = 'received')
        ) as exchanged_at
    from accounts
    inner join {{ ref('int_recognition_exchanges__known') }} as exchanges
        on
            accounts.account_person_key = exchanges.account_person_key
            and exchanges.occurred_date between accounts.period_start and accounts.period_end
            and exchanges.own_date >= accounts.enrolled_on
            and exchanges.known_at < accounts.known_at
            and (exchanges.gone_at is null or exchanges.gone_at >= accounts.known_at)
            and (exchanges.ours_since is null or exchanges.ours_since >= accounts.known_at)
    group by
        accounts.period_start,
        accounts.view_code,
        accounts.employee_code,
        exchanges.thread_key,
        exchanges.outsider_person_key
    having count(distinct exchanges.direction_code) = 2

),

conversed as (

    select
        period_start,
        view_code,
        employee_code,
        count(distinct thread_key) as conversation_count,
        min(exchanged_at) as first_result_at
    from exchanged
    group by
        period_start,
        view_code,
        employee_code

),

-- Whoever joined after the freeze, or left since, is there in both views.
employees as (

    select
        period_start,
        period_end,
        frozen_on,
        is_frozen,
        employee_code,
        max(person_key) as person_key
    from accounts
    group by
        period_start,
        period_end,
        frozen_on,
        is_frozen,
        employee_code

),

viewed as (
    {% for view in ['frozen', 'current'] %}
    select
        *,
        '{{ view }}' as view_code
    from employees
    {{ 'union all' if not loop.last }}
    {%- endfor %}

)

-- Same grain: a view counts an employee once.
select
    viewed.employee_code,
    viewed.person_key,
    viewed.period_start,
    viewed.period_end,
    viewed.frozen_on,
    viewed.is_frozen,
    viewed.view_code,
    coalesce(converted.lead_count, 0) as lead_count,
    coalesce(converted.download_count, 0) as download_count,
    coalesce(conversed.conversation_count, 0) as conversation_count,
    least(converted.first_result_at, conversed.first_result_at) as first_result_at
from viewed
left join converted
    on
        viewed.period_start = converted.period_start
        and viewed.view_code = converted.view_code
        and viewed.employee_code = converted.employee_code
left join conversed
    on
        viewed.period_start = conversed.period_start
        and viewed.view_code = conversed.view_code
        and viewed.employee_code = conversed.employee_code
