-- What a week's movement is called: a signal lies outside the limits of the weeks
-- before; a watch is a run inside them; everything else is routine.
with

baselines as (

    select *
    from {{ ref('int_metric_limits__widened') }}

),

rules as (

    select
        {%- for parameter in ['run_weeks', 'near_weeks', 'near_minimum'] %}
        cast(max(case when parameter_name = '{{ parameter }}' then parameter_value end) as integer)
            as {{ parameter }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ref('int_signal_rules__dated') }}
    where rule_id = 'limits'

),

-- Unsigned figures cannot fall below nothing.
clipped as (

    select
        baselines.*,
        case
            when state_code = 'limits' and is_signed then raw_lower_limit
            when state_code = 'limits' then greatest(raw_lower_limit, 0)
        end as lower_limit,
        case when state_code = 'limits' then raw_upper_limit end as upper_limit,
        row_number() over (
            partition by metric_id, metric_version, segment_kind_code, segment_code
            order by week_start
        ) as position_number
    from baselines

),

-- One row per week: the last weeks of its version and process, itself included, against
-- this week's limits; weeks read late only where its limits rest on such weeks too.
runs as (

    select
        clipped.metric_id,
        clipped.segment_kind_code,
        clipped.segment_code,
        clipped.week_start,
        count(case when recent.value > clipped.mean_value then 1 end) as above_count,
        count(case when recent.value < clipped.mean_value then 1 end) as below_count,
        count(case
            when
                recent.position_number > clipped.position_number - rules.near_weeks
                and recent.value > (clipped.mean_value + clipped.natural_upper_limit) / 2
                then 1
        end) as near_upper_count,
        count(case
            when
                recent.position_number > clipped.position_number - rules.near_weeks
                and recent.value < (clipped.mean_value + clipped.natural_lower_limit) / 2
                then 1
        end) as near_lower_count
    from clipped
    cross join rules
    inner join clipped as recent
        on
            clipped.metric_id = recent.metric_id
            and clipped.metric_version = recent.metric_version
            and clipped.segment_kind_code = recent.segment_kind_code
            and clipped.segment_code = recent.segment_code
            and recent.position_number <= clipped.position_number
            and recent.position_number > clipped.position_number - rules.run_weeks
            and recent.week_start >= coalesce(clipped.limits_since_week, recent.week_start)
            and (clipped.late_week_count > 0 or not recent.is_read_late)
    where clipped.state_code = 'limits'
    group by
        clipped.metric_id,
        clipped.segment_kind_code,
        clipped.segment_code,
        clipped.week_start

),

judged as (

    select
        clipped.metric_id,
        clipped.segment_kind_code,
        clipped.segment_code,
        clipped.week_start,
        clipped.value,
        clipped.limits_since_week,
        clipped.baseline_week_count,
        clipped.late_week_count,
        clipped.mean_value,
        clipped.moving_range_value,
        round(clipped.lower_limit, 9) as lower_limit,
        round(clipped.upper_limit, 9) as upper_limit,
        clipped.lag1_autocorrelation,
        case
            when clipped.state_code <> 'limits' then clipped.state_code
            when clipped.value > clipped.upper_limit then 'signal_up'
            when clipped.value < clipped.lower_limit then 'signal_down'
            when runs.above_count >= rules.run_weeks then 'watch_up'
            when runs.below_count >= rules.run_weeks then 'watch_down'
            when
                runs.near_upper_count >= rules.near_minimum
                and clipped.value > clipped.mean_value
                then 'watch_up'
            -- While the natural lower limit is zero there is no room below to come near to.
            when
                runs.near_lower_count >= rules.near_minimum
                and clipped.value < clipped.mean_value
                and (clipped.is_signed or clipped.natural_lower_limit > 0)
                then 'watch_down'
            else 'routine'
        end as signal_code
    from clipped
    cross join rules
    left join runs
        on
            clipped.metric_id = runs.metric_id
            and clipped.segment_kind_code = runs.segment_kind_code
            and clipped.segment_code = runs.segment_code
            and clipped.week_start = runs.week_start

)

select * from judged
