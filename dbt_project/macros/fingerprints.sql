{# Equal for texts that say the same: without addresses, case, punctuation and spacing.
   Null for a text without a letter or digit. #}
{% macro text_fingerprint(text) %}{{ return(adapter.dispatch('text_fingerprint')(text)) }}{% endmacro %}
{% macro default__text_fingerprint(text) -%}
    md5(nullif(trim({{ words_of(without_addresses(text)) }}), ''))
{%- endmacro %}

{# A text without web addresses and without the handles that it begins with: a link adds
   nothing of one's own, and platforms put handles before replies. #}
{% macro without_addresses(text) %}{{ return(adapter.dispatch('without_addresses')(text)) }}{% endmacro %}
{% macro default__without_addresses(text) -%}
    regexp_replace(regexp_replace({{ text }}, '(https?://|www\.)\S+', ' ', 'g'), '^\s*(@\S+\s+)+', '')
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

{# The first day of the month that a day lies in. #}
{% macro month_start(day) %}{{ return(adapter.dispatch('month_start')(day)) }}{% endmacro %}
{% macro default__month_start(day) -%}
    cast(date_trunc('month', {{ day }}) as date)
{%- endmacro %}
