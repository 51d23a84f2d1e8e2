-- Kaplan-Meier estimate of the time to a first answer, per week of asking and platform.
-- A median of answered requests alone flatters whoever leaves the hard ones lying;
-- here an unanswered request waits as long as it was observed.
with

requests as (

    select
        occurred_week as week_start,
        platform_code,
        answered_at is not null as is_answered,
        coalesce(reply_seconds, observed_seconds) as waited_seconds
    from {{ ref('int_reply_requests__answered') }}

),

-- Each row once for its platform and once for all platforms together.
segmented as (

    select
        requests.*,
        case when totals.is_total then 'all' else requests.platform_code end as segment_code
    from requests
    cross join (values (false), (true)) as totals (is_total)

),

-- One row per week, platform and length of wait.
counted as (

    select
        week_start,
        segment_code as platform_code,
        waited_seconds,
        count(*) as request_count,
        count(*) filter (where is_answered) as answered_count
    from segmented
    group by
        week_start,
        segment_code,
        waited_seconds

),

-- At risk: whoever waited at least so long, whether then answered or lost from sight.
at_risk as (

    select
        *,
        sum(request_count) over (
            partition by week_start, platform_code
            order by waited_seconds desc
            rows between unbounded preceding and current row
        ) as at_risk_count
    from counted

),

-- A product of (1 - answered / at risk), as a sum of logarithms; when everybody at risk
-- is answered the product is zero and has no logarithm.
survival as (

    select
        *,
        case
            when
                max(case when answered_count = at_risk_count then 1 else 0 end) over waits = 1
                then 0
            else round(exp(sum(
                case
                    when answered_count < at_risk_count
                        then ln(1 - answered_count / cast(at_risk_count as double))
                    else 0
                end
            ) over waits), 9)
        end as unanswered_ratio
    from at_risk
    window
        waits as (
            partition by week_start, platform_code
            order by waited_seconds
            rows between unbounded preceding and current row
        )

),

-- One row per week and platform. Null: the curve never falls that far.
estimated as (

    select
        week_start,
        platform_code,
        cast(sum(request_count) as bigint) as reply_request_count,
        cast(sum(answered_count) as bigint) as answered_count,
        min(case when unanswered_ratio <= 0.5 then waited_seconds end) / 3600.0
            as time_to_first_response_p50_hours,
        min(case when unanswered_ratio <= 0.1 then waited_seconds end) / 3600.0
            as time_to_first_response_p90_hours
    from survival
    group by
        week_start,
        platform_code

)

select * from estimated
