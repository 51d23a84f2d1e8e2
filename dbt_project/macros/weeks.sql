{# Time is an argument: week, as_of and timezone come in as vars, and nothing below
   asks the clock. Moments are UTC without a zone; days and weeks are local. #}

{% macro built_week() %}
    {%- if var('week') is none and execute -%}
        {{ exceptions.raise_compiler_error("The var 'week' is missing: pass the Monday of the reporting week, as in --vars '{week: 2026-11-09}'.") }}
    {%- endif -%}
    date '{{ var("week") or "1970-01-05" }}'
{%- endmacro %}

{% macro local_midnight(day) %}{{ return(adapter.dispatch('local_midnight')(day)) }}{% endmacro %}
{% macro default__local_midnight(day) -%}
    timezone('UTC', timezone('{{ var("timezone") }}', cast({{ day }} as timestamp)))
{%- endmacro %}
{% macro spark__local_midnight(day) -%}
    to_utc_timestamp(cast({{ day }} as timestamp), '{{ var("timezone") }}')
{%- endmacro %}

{# First moment after the reporting week, UTC. #}
{% macro week_end_at() %}{{ local_midnight(days_later(built_week(), 7)) }}{% endmacro %}

{% macro as_of() -%}
    {%- if var('as_of') is none -%}
        {{ local_midnight(days_later(built_week(), 14)) }}
    {%- else -%}
        {{ stated_moment(var('as_of')) }}
    {%- endif -%}
{%- endmacro %}

{# A moment written out, in UTC unless it names its zone. #}
{% macro stated_moment(text) %}{{ return(adapter.dispatch('stated_moment')(text)) }}{% endmacro %}
{% macro default__stated_moment(text) -%}
    timezone('UTC', cast('{{ text }}' as timestamptz))
{%- endmacro %}
{% macro spark__stated_moment(text) -%}
    cast('{{ text }}' as timestamp)
{%- endmacro %}

{# Nothing after this moment is visible to a build: neither a reply nor a silence. #}
{% macro observed_until() -%} least({{ week_end_at() }}, {{ as_of() }}) {%- endmacro %}

{# Until when a build's ledgers run: exports of the week after count, where as_of lets them,
   and never those of a week that has a build of its own. #}
{% macro ledger_end_at() -%}
    least({{ local_midnight(days_later(built_week(), 14)) }}, {{ as_of() }})
{%- endmacro %}

{% macro local_date(moment) %}{{ return(adapter.dispatch('local_date')(moment)) }}{% endmacro %}
{% macro default__local_date(moment) -%}
    cast(timezone('{{ var("timezone") }}', timezone('UTC', {{ moment }})) as date)
{%- endmacro %}
{% macro spark__local_date(moment) -%}
    to_date(from_utc_timestamp({{ moment }}, '{{ var("timezone") }}'))
{%- endmacro %}

{% macro reporting_week(day) %}{{ return(adapter.dispatch('reporting_week')(day)) }}{% endmacro %}
{% macro default__reporting_week(day) -%}
    cast(date_trunc('week', {{ day }}) as date)
{%- endmacro %}

{# The first week at whose end a day is no longer among the last so many days. #}
{% macro window_left_week(day, window_days) -%}
    {{ days_later(reporting_week(days_later(day, window_days ~ ' - 7')), 7) }}
{%- endmacro %}

{% macro week_label(week) %}{{ return(adapter.dispatch('week_label')(week)) }}{% endmacro %}
{% macro default__week_label(week) -%} strftime({{ week }}, '%G-W%V') {%- endmacro %}

{# One row per day from first to last, both included; a table with the column `day`. #}
{% macro days_between(first_day, last_day) %}{{ return(adapter.dispatch('days_between')(first_day, last_day)) }}{% endmacro %}
{% macro default__days_between(first_day, last_day) -%}
    select cast(unnest(generate_series({{ first_day }}, {{ last_day }}, interval 1 day)) as date) as day
{%- endmacro %}
{% macro spark__days_between(first_day, last_day) -%}
    select explode(sequence({{ first_day }}, {{ last_day }}, interval 1 day)) as day
{%- endmacro %}

{% macro seconds_between(earlier, later) %}{{ return(adapter.dispatch('seconds_between')(earlier, later)) }}{% endmacro %}
{% macro default__seconds_between(earlier, later) -%}
    cast(floor(epoch({{ later }}) - epoch({{ earlier }})) as bigint)
{%- endmacro %}
{% macro spark__seconds_between(earlier, later) -%}
    cast(floor((unix_micros({{ later }}) - unix_micros({{ earlier }})) / 1000000) as bigint)
{%- endmacro %}

{# The moment that stands in the upper bits of an X or LinkedIn id, if it agrees with the
   day that the export states to within a day; else that day's first moment. #}
{% macro moment_of_id(id, stated_day, offset_milliseconds) %}{{ return(adapter.dispatch('moment_of_id')(id, stated_day, offset_milliseconds)) }}{% endmacro %}
{% macro default__moment_of_id(id, stated_day, offset_milliseconds) -%}
    {%- set moment = "make_timestamp(((try_cast(" ~ id ~ " as bigint) >> 22) + " ~ offset_milliseconds ~ ") * 1000)" -%}
    case
        when cast({{ moment }} as date) between {{ days_earlier(stated_day, 1) }} and {{ days_later(stated_day, 1) }}
            then {{ moment }}
        else {{ local_midnight(stated_day) }}
    end
{%- endmacro %}

{# Seconds of business hours, Monday to Friday in the organisation's zone, between two
   moments: the business seconds since a Monday long ago at the one, less those at the
   other. #}
{% macro business_seconds(earlier, later, start_hour, end_hour) -%}
    ({{ business_clock(later, start_hour, end_hour) }} - {{ business_clock(earlier, start_hour, end_hour) }})
{%- endmacro %}

{% macro business_clock(moment, start_hour, end_hour) -%}
    {%- set day = local_date(moment) -%}
    {%- set weekday = day_count_between(reporting_week(day), day) -%}
    {%- set day_seconds = '((' ~ end_hour ~ ' - ' ~ start_hour ~ ') * 3600)' -%}
    (
        {{ whole_weeks_between("date '1970-01-05'", reporting_week(day)) }} * 5 * {{ day_seconds }}
        + least({{ weekday }}, 5) * {{ day_seconds }}
        + case
            when {{ weekday }} < 5
                then least(
                    greatest({{ local_seconds_of_day(moment) }} - {{ start_hour }} * 3600, 0),
                    {{ day_seconds }}
                )
            else 0
        end
    )
{%- endmacro %}

{% macro local_seconds_of_day(moment) %}{{ return(adapter.dispatch('local_seconds_of_day')(moment)) }}{% endmacro %}
{% macro default__local_seconds_of_day(moment) -%}
    cast(floor(epoch(cast(timezone('{{ var("timezone") }}', timezone('UTC', {{ moment }})) as time))) as bigint)
{%- endmacro %}

{# Whole weeks from one day to a later one. #}
{% macro whole_weeks_between(earlier, later) -%}
    {{ whole_quotient(day_count_between(earlier, later), 7) }}
{%- endmacro %}

{# Whole months from one day to a later one: from the 31st to the 28th of the next is none. #}
{% macro whole_months_between(earlier, later) %}{{ return(adapter.dispatch('whole_months_between')(earlier, later)) }}{% endmacro %}
{% macro default__whole_months_between(earlier, later) -%}
    cast(datesub('month', {{ earlier }}, {{ later }}) as bigint)
{%- endmacro %}

{# From which to which day of a week a span of validity holds, as '0:7' for all of it: what
   goes into the hash of a definition. #}
{% macro days_of_week_text(valid_from, valid_to, week_start) -%}
    {%- set first_day = 'greatest(' ~ valid_from ~ ', ' ~ week_start ~ ')' -%}
    {%- set last_day = 'least(' ~ valid_to ~ ', ' ~ days_later(week_start, 7) ~ ')' -%}
    cast({{ day_count_between(week_start, first_day) }} as varchar)
    || ':' || cast({{ day_count_between(week_start, last_day) }} as varchar)
{%- endmacro %}
