-- What is usual for a theme on a day: the median of the 28 days before it, each brought
-- to the weekday of the day itself by the weekday's weight in all talk of those 28 days.
-- A mention is indivisible, so adjusted days are whole numbers again.
with

topic_days as (

    select * from {{ ref('int_topic_days__counted') }}

),

thresholds as (

    select burst_baseline_days
    from {{ ref('int_thresholds__pivoted') }}

),

-- One row per day, all themes together; the whole talk makes steadier weekday weights.
all_days as (

    select
        day,
        {{ weekday_number('day') }} as weekday_number,
        sum(capped_mention_count) as mention_count
    from topic_days
    group by day

),

-- One row per day and day before it.
pairs as (

    select
        today.day,
        today.weekday_number,
        earlier.day as earlier_day,
        earlier.weekday_number as earlier_weekday_number,
        earlier.mention_count
    from all_days as today
    cross join thresholds
    inner join all_days as earlier
        on
            earlier.day < today.day
            and earlier.day >= {{ days_earlier('today.day', 'thresholds.burst_baseline_days') }}

),

-- One added mention a weekday keeps a silent weekday from dividing by zero.
weekday_weights as (

    select
        day,
        earlier_weekday_number as weekday_number,
        (sum(mention_count) + 1.0) / count(*) as mean_count
    from pairs
    group by
        day,
        earlier_weekday_number

),

factors as (

    select
        pairs.day,
        pairs.earlier_day,
        coalesce(own.mean_count / other.mean_count, 1) as factor
    from pairs
    inner join weekday_weights as other
        on
            pairs.day = other.day
            and pairs.earlier_weekday_number = other.weekday_number
    left join weekday_weights as own
        on
            pairs.day = own.day
            and pairs.weekday_number = own.weekday_number

),

adjusted as (

    select
        factors.day,
        topic_days.theme_code,
        round(topic_days.capped_mention_count * factors.factor) as usual_count
    from factors
    inner join topic_days
        on factors.earlier_day = topic_days.day

),

-- One row per day and theme.
centred as (

    select
        day,
        theme_code,
        count(*) as baseline_day_count,
        {{ median_of('usual_count') }} as usual_daily_mentions,
        (sum(usual_count) + 0.5) / count(*) as usual_rate
    from adjusted
    group by
        day,
        theme_code

),

spread as (

    select
        adjusted.day,
        adjusted.theme_code,
        {{ median_of('abs(adjusted.usual_count - centred.usual_daily_mentions)') }} as deviation_count
    from adjusted
    inner join centred
        on
            adjusted.day = centred.day
            and adjusted.theme_code = centred.theme_code
    group by
        adjusted.day,
        adjusted.theme_code

),

compared as (

    select
        topic_days.*,
        coalesce(centred.baseline_day_count, 0) as baseline_day_count,
        centred.usual_daily_mentions,
        centred.usual_rate,
        spread.deviation_count
    from topic_days
    left join centred
        on
            topic_days.day = centred.day
            and topic_days.theme_code = centred.theme_code
    left join spread
        on
            topic_days.day = spread.day
            and topic_days.theme_code = spread.theme_code

)

select * from compared
