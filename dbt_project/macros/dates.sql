{# Arithmetic of days and moments: every engine spells it in its own way. #}

{% macro days_later(day, days) %}{{ return(adapter.dispatch('days_later')(day, days)) }}{% endmacro %}
{% macro default__days_later(day, days) -%}
    ({{ day }} + cast({{ days }} as integer))
{%- endmacro %}
{% macro spark__days_later(day, days) -%}
    date_add({{ day }}, cast({{ days }} as int))
{%- endmacro %}

{# For a reader: `week_start` less seven, not plus minus seven. #}
{% macro days_earlier(day, days) -%}
    {{ days_later(day, '-(' ~ days ~ ')') }}
{%- endmacro %}

{# Days from one day to a later one, negative when it is an earlier one. #}
{% macro day_count_between(earlier, later) %}{{ return(adapter.dispatch('day_count_between')(earlier, later)) }}{% endmacro %}
{% macro default__day_count_between(earlier, later) -%}
    ({{ later }} - {{ earlier }})
{%- endmacro %}
{% macro spark__day_count_between(earlier, later) -%}
    cast(date_diff({{ later }}, {{ earlier }}) as bigint)
{%- endmacro %}

{% macro seconds_later(moment, seconds) %}{{ return(adapter.dispatch('seconds_later')(moment, seconds)) }}{% endmacro %}
{% macro default__seconds_later(moment, seconds) -%}
    ({{ moment }} + to_seconds({{ seconds }}))
{%- endmacro %}
{% macro spark__seconds_later(moment, seconds) -%}
    timestampadd(second, {{ seconds }}, {{ moment }})
{%- endmacro %}

{% macro minute_start(moment) %}{{ return(adapter.dispatch('minute_start')(moment)) }}{% endmacro %}
{% macro default__minute_start(moment) -%}
    date_trunc('minute', {{ moment }})
{%- endmacro %}

{# 1 is Monday, 7 is Sunday. #}
{% macro weekday_number(day) %}{{ return(adapter.dispatch('weekday_number')(day)) }}{% endmacro %}
{% macro default__weekday_number(day) -%}
    cast(isodow({{ day }}) as integer)
{%- endmacro %}
{% macro spark__weekday_number(day) -%}
    (weekday({{ day }}) + 1)
{%- endmacro %}

{# The first day of the month that a day lies in, and the last. #}
{% macro month_start(day) %}{{ return(adapter.dispatch('month_start')(day)) }}{% endmacro %}
{% macro default__month_start(day) -%}
    cast(date_trunc('month', {{ day }}) as date)
{%- endmacro %}

{% macro month_end(day) %}{{ return(adapter.dispatch('month_end')(day)) }}{% endmacro %}
{% macro default__month_end(day) -%}
    cast(last_day({{ day }}) as date)
{%- endmacro %}

{# Months are counted through the years, so that the difference of two is a distance. #}
{% macro month_number(day) %}{{ return(adapter.dispatch('month_number')(day)) }}{% endmacro %}
{% macro default__month_number(day) -%}
    (year({{ day }}) * 12 + month({{ day }}))
{%- endmacro %}

{# The half of a calendar year that a day lies in: its first day, and its last. #}
{% macro halfyear_start(day) %}{{ return(adapter.dispatch('halfyear_start')(day)) }}{% endmacro %}
{% macro default__halfyear_start(day) -%}
    make_date(year({{ day }}), case when month({{ day }}) <= 6 then 1 else 7 end, 1)
{%- endmacro %}

{% macro halfyear_end(day) %}{{ return(adapter.dispatch('halfyear_end')(day)) }}{% endmacro %}
{% macro default__halfyear_end(day) -%}
    make_date(
        year({{ day }}),
        case when month({{ day }}) <= 6 then 6 else 12 end,
        case when month({{ day }}) <= 6 then 30 else 31 end
    )
{%- endmacro %}

{# Null for a day that does not exist, such as 31 June. #}
{% macro date_of(year, month, day_of_month) %}{{ return(adapter.dispatch('date_of')(year, month, day_of_month)) }}{% endmacro %}
{% macro default__date_of(year, month, day_of_month) -%}
    try_cast(
        cast({{ year }} as varchar) || '-' || lpad(cast({{ month }} as varchar), 2, '0')
        || '-' || lpad(cast({{ day_of_month }} as varchar), 2, '0') as date
    )
{%- endmacro %}

{# Date of eight digits, year first; null for anything else. #}
{% macro date_of_digits(text) %}{{ return(adapter.dispatch('date_of_digits')(text)) }}{% endmacro %}
{% macro default__date_of_digits(text) -%}
    cast(try_strptime({{ text }}, '%Y%m%d') as date)
{%- endmacro %}
{% macro spark__date_of_digits(text) -%}
    cast(try_to_timestamp({{ text }}, 'yyyyMMdd') as date)
{%- endmacro %}
