-- Kaplan-Meier estimate of the time to a first answer, per week and platform: of all
-- turns to us, of those that ask for something, and in business hours. A median of
-- answered turns alone flatters whoever leaves the hard ones lying; here an unanswered
-- turn waits as long as it was observed.
with

turns as (

    select
        occurred_week as week_start,
        platform_code,
        answered_at is not null as is_answered,
        coalesce(reply_seconds, observed_seconds) as waited_seconds,
        business_waited_seconds,
        needs_reply
    from {{ ref('int_inbound_turns__answered') }}

),

platforms as (

    select
        week_start,
        platform_code,
        count(*) as inbound_count,
        count(case when needs_reply then 1 end) as request_count,
        count(case when is_answered then 1 end) as answered_count,
        max(case when is_answered then waited_seconds end) as last_waited_seconds,
        max(case when is_answered then business_waited_seconds end) as last_business_waited_seconds
    from turns
    group by
        week_start,
        platform_code

),

-- One row per week and platform, 'all' among them; the curves are reckoned by numbers.
segments as (

    select
        *,
        row_number() over (order by week_start, platform_code) as segment_number
    from (
        select *
        from platforms

        union all

        select
            week_start,
            'all' as platform_code,
            cast(sum(inbound_count) as bigint) as inbound_count,
            cast(sum(request_count) as bigint) as request_count,
            cast(sum(answered_count) as bigint) as answered_count,
            max(last_waited_seconds) as last_waited_seconds,
            max(last_business_waited_seconds) as last_business_waited_seconds
        from platforms
        group by week_start
    ) as known_segments

),

-- Each turn once for its platform and once for all platforms together. Who still waits
-- after the last answer was at risk at every answer: it is enough to count these.
segmented as (

    {% for segment_code in ['turns.platform_code', "'all'"] -%}
    select
        segments.segment_number,
        turns.is_answered,
        turns.waited_seconds,
        turns.business_waited_seconds,
        turns.needs_reply
    from turns
    inner join segments
        on
            turns.week_start = segments.week_start
            and segments.platform_code = {{ segment_code }}
    where
        turns.is_answered
        or turns.waited_seconds < segments.last_waited_seconds
        or turns.business_waited_seconds < segments.last_business_waited_seconds
    {{- '\n\n    union all\n\n    ' if not loop.last }}
    {%- endfor %}

),

-- One row per week, platform, clock and length of wait.
counted as (

    {% for clock_code, waited_seconds, condition in [
        ('all', 'waited_seconds', ''),
        ('requests', 'waited_seconds', 'where needs_reply'),
        ('business', 'business_waited_seconds', ''),
    ] -%}
    select
        segment_number,
        '{{ clock_code }}' as clock_code,
        {{ waited_seconds }} as waited_seconds,
        count(*) as turn_count,
        count(*) filter (where is_answered) as answered_count
    from segmented
    {{ condition }}
    group by
        segment_number,
        {{ waited_seconds }}
    {{- '\n\n    union all\n\n    ' if not loop.last }}
    {%- endfor %}

),

-- One row per week, platform, clock and length of wait, with who waited less long.
passed as (

    select
        *,
        sum(turn_count) over (
            partition by segment_number, clock_code
            order by waited_seconds
            rows between unbounded preceding and current row
        ) - turn_count as passed_count
    from counted

),

-- At risk: whoever waited at least so long, whether then answered or lost from sight.
at_risk as (

    select
        passed.segment_number,
        passed.clock_code,
        passed.waited_seconds,
        passed.answered_count,
        case
            when passed.clock_code = 'requests' then segments.request_count
            else segments.inbound_count
        end - passed.passed_count as at_risk_count
    from passed
    inner join segments
        on passed.segment_number = segments.segment_number
    where passed.answered_count > 0

),

-- A product of (1 - answered / at risk), as a sum of logarithms; when everybody at risk
-- is answered the product is zero and has no logarithm. It falls where somebody is
-- answered and nowhere else: all other lengths of wait are left out.
survival as (

    select
        segment_number,
        clock_code,
        waited_seconds,
        case
            when
                max(case when answered_count = at_risk_count then 1 else 0 end) over waited = 1
                then 0
            else round(exp(sum(
                case
                    when answered_count < at_risk_count
                        then ln(1 - answered_count / cast(at_risk_count as double))
                    else 0
                end
            ) over waited), 9)
        end as unanswered_ratio
    from at_risk
    window
        waited as (
            partition by segment_number, clock_code
            order by waited_seconds
            rows between unbounded preceding and current row
        )

),

-- One row per week and platform in which somebody was answered. Null: the curve never
-- falls that far.
curves as (

    select
        segment_number
        {%- for clock, prefix in {'all': '', 'requests': 'request_', 'business': 'business_'}.items() %}
        {%- for percent, ratio in {'50': '0.5', '90': '0.1'}.items() %},
        min(case
            when clock_code = '{{ clock }}' and unanswered_ratio <= {{ ratio }}
                then waited_seconds
        end) / 3600.0 as {{ prefix }}time_to_first_response_p{{ percent }}_hours
        {%- endfor %}
        {%- endfor %}
    from survival
    group by segment_number

),

estimated as (

    select
        segments.week_start,
        segments.platform_code,
        segments.inbound_count,
        segments.answered_count
        {%- for prefix in ['', 'request_', 'business_'] %}
        {%- for percent in ['50', '90'] %},
        curves.{{ prefix }}time_to_first_response_p{{ percent }}_hours
        {%- endfor %}
        {%- endfor %}
    from segments
    left join curves
        on segments.segment_number = curves.segment_number

)

select * from estimated
