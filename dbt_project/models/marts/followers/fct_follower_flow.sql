-- closing = opening + gained - lost + adjustment. The opening is what the last known
-- stock makes it: a reading, plus the gains and less the losses of the days since.
with

accounts as (

    select
        account_key,
        platform_code
    from {{ ref('dim_accounts') }}

),

observations as (

    select
        object_key as account_key,
        period_start as flow_date,
        metric_code,
        value,
        observed_at,
        file_sha256
    from {{ ref('fct_metric_observations') }}
    where
        object_kind_code = 'account'
        and metric_code in ('gained_count', 'lost_count', 'follower_count')
        and period_start < {{ days_later(built_week(), 7) }}

),

latest as (

    select
        account_key,
        flow_date,
        metric_code,
        cast(value as bigint) as value
    from observations
    qualify
        row_number() over (
            partition by account_key, flow_date, metric_code
            order by observed_at desc, file_sha256 desc
        ) = 1

),

-- One row per account and day for which anything is known.
days as (

    select
        latest.account_key,
        accounts.platform_code,
        latest.flow_date,
        max(case when latest.metric_code = 'gained_count' then latest.value end)
            as gained_count,
        max(case when latest.metric_code = 'lost_count' then latest.value end)
            as lost_count,
        max(case when latest.metric_code = 'follower_count' then latest.value end)
            as counted_count
    from latest
    inner join accounts
        on latest.account_key = accounts.account_key
    group by
        latest.account_key,
        accounts.platform_code,
        latest.flow_date

),

-- A reading closes its day; the days up to the next one rest on it.
segmented as (

    select
        days.*,
        gained_count - lost_count as change_count,
        count(counted_count) over (
            partition by account_key
            order by flow_date
            rows between unbounded preceding and current row
        ) - case when counted_count is not null then 1 else 0 end as reading_number
    from days

),

readings as (

    select
        account_key,
        reading_number + 1 as reading_number,
        flow_date as counted_on,
        counted_count
    from segmented
    where counted_count is not null

),

accumulated as (

    select
        segmented.*,
        readings.counted_on,
        readings.counted_count as base_count,
        count(case when segmented.change_count is null then 1 end) over (
            partition by segmented.account_key, segmented.reading_number
            order by segmented.flow_date
            rows between unbounded preceding and 1 preceding
        ) as unknown_before_count
    from segmented
    left join readings
        on
            segmented.account_key = readings.account_key
            and segmented.reading_number = readings.reading_number

),

-- The last stock that is known before each row: the flow carries it up to the first
-- unknown day after a reading, and no further.
carried as (

    select
        accumulated.*,
        base_count
        + coalesce(sum(case when unknown_before_count = 0 then change_count end) over earlier, 0)
            as known_count,
        coalesce(
            max(
                case when unknown_before_count = 0 and change_count is not null then flow_date end
            ) over earlier,
            counted_on
        ) as known_on
    from accumulated
    window earlier as (
        partition by account_key, reading_number
        order by flow_date
        rows between unbounded preceding and 1 preceding
    )

),

-- With unknown days in between, only the next reading can say where the stock went:
-- its row spans them, and nothing is spread over them.
opened as (

    select
        account_key,
        platform_code,
        flow_date,
        gained_count,
        lost_count,
        change_count,
        counted_count,
        case
            when unknown_before_count = 0 or counted_count is not null then known_count
        end as opening_count,
        case
            when base_count is not null and (unknown_before_count = 0 or counted_count is not null)
                then {{ seconds_between('known_on', 'flow_date') }} / 86400
        end as gap_days
    from carried

),

closed as (

    select
        opened.*,
        coalesce(counted_count, opening_count + change_count) as closing_count
    from opened

),

flow as (

    select
        {{ surrogate_key(['account_key', 'flow_date']) }} as follower_flow_key,
        account_key,
        platform_code,
        flow_date,
        {{ reporting_week('flow_date') }} as flow_week,
        cast(opening_count as bigint) as opening_count,
        gained_count,
        lost_count,
        case
            when gap_days = 1 then cast(closing_count - opening_count - change_count as bigint)
        end as adjustment_count,
        cast(closing_count as bigint) as closing_count,
        cast(closing_count - opening_count as bigint) as net_count,
        cast(gap_days as bigint) as gap_days,
        {{ safe_ratio('lost_count', 'opening_count') }} as churn_rate,
        counted_count is not null as has_reading
    from closed

)

select * from flow
