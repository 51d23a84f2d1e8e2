{# Aggregates that put values in order, and rows or numbers out of lists. #}

{# Values in one text in a stated order, which must be total: equal ones may not trade
   places. Nulls are left out; `filter (where ...)` may follow. #}
{% macro joined_text(value, separator, order_by, is_distinct=false) %}{{ return(adapter.dispatch('joined_text')(value, separator, order_by, is_distinct)) }}{% endmacro %}
{% macro default__joined_text(value, separator, order_by, is_distinct) -%}
    string_agg({{ 'distinct ' if is_distinct }}{{ value }}, '{{ separator }}' order by {{ order_by }})
{%- endmacro %}
{% macro spark__joined_text(value, separator, order_by, is_distinct) -%}
    listagg({{ 'distinct ' if is_distinct }}{{ value }}, '{{ separator }}') within group (order by {{ order_by }})
{%- endmacro %}

{# Between the two middle values where their number is even. `over (...)` may follow. #}
{% macro median_of(value) %}{{ return(adapter.dispatch('median_of')(value)) }}{% endmacro %}
{% macro default__median_of(value) -%}
    median({{ value }})
{%- endmacro %}
{% macro spark__median_of(value) -%}
    percentile({{ value }}, 0.5)
{%- endmacro %}

{# Median of the distances of values from their median. #}
{% macro median_distance_of(value) %}{{ return(adapter.dispatch('median_distance_of')(value)) }}{% endmacro %}
{% macro default__median_distance_of(value) -%}
    mad({{ value }})
{%- endmacro %}

{# Interpolated between the neighbours, as `percentile_cont` defines it. #}
{% macro percentile_of(value, share) %}{{ return(adapter.dispatch('percentile_of')(value, share)) }}{% endmacro %}
{% macro default__percentile_of(value, share) -%}
    percentile_cont({{ share }}) within group (order by {{ value }})
{%- endmacro %}
{% macro spark__percentile_of(value, share) -%}
    percentile({{ value }}, {{ share }})
{%- endmacro %}

{# Quotient of whole numbers without what is left over. #}
{% macro whole_quotient(numerator, denominator) %}{{ return(adapter.dispatch('whole_quotient')(numerator, denominator)) }}{% endmacro %}
{% macro default__whole_quotient(numerator, denominator) -%}
    (({{ numerator }}) // {{ denominator }})
{%- endmacro %}
{% macro spark__whole_quotient(numerator, denominator) -%}
    (({{ numerator }}) div {{ denominator }})
{%- endmacro %}

{# Natural logarithm of the factorial of a whole number from 0. #}
{% macro log_factorial(number) %}{{ return(adapter.dispatch('log_factorial')(number)) }}{% endmacro %}
{% macro default__log_factorial(number) -%}
    lgamma({{ number }} + 1)
{%- endmacro %}
{% macro spark__log_factorial(number) -%}
    aggregate(sequence(1, cast(greatest({{ number }}, 1) as int)), cast(0 as double), (total, step) -> total + ln(step))
{%- endmacro %}

{# One row per whole number from first to last; a table with the column `number`. #}
{% macro whole_numbers(first, last) %}{{ return(adapter.dispatch('whole_numbers')(first, last)) }}{% endmacro %}
{% macro default__whole_numbers(first, last) -%}
    select unnest(generate_series({{ first }}, {{ last }})) as number
{%- endmacro %}
{% macro spark__whole_numbers(first, last) -%}
    select explode(sequence({{ first }}, {{ last }})) as number
{%- endmacro %}

{# Sum of a JSON array of whole numbers; null for no array. #}
{% macro json_array_total(json_text) %}{{ return(adapter.dispatch('json_array_total')(json_text)) }}{% endmacro %}
{% macro default__json_array_total(json_text) -%}
    list_sum(cast(from_json({{ json_text }}, '["BIGINT"]') as bigint []))
{%- endmacro %}
{% macro spark__json_array_total(json_text) -%}
    aggregate(from_json({{ json_text }}, 'array<bigint>'), cast(0 as bigint), (total, item) -> total + item)
{%- endmacro %}

{# Sum of the whole numbers that the first group of a pattern finds in a text; null or 0
   where it finds none. #}
{% macro total_of_matches(text, pattern) %}{{ return(adapter.dispatch('total_of_matches')(text, pattern)) }}{% endmacro %}
{% macro default__total_of_matches(text, pattern) -%}
    list_sum(cast(regexp_extract_all({{ text }}, '{{ pattern | replace("'", "''") }}', 1) as bigint []))
{%- endmacro %}
{% macro spark__total_of_matches(text, pattern) -%}
    aggregate(
        regexp_extract_all({{ text }}, {{ spark_pattern(pattern) }}, 1),
        cast(0 as bigint),
        (total, item) -> total + cast(item as bigint)
    )
{%- endmacro %}

{# Each row of a relation once for its platform and once for all platforms together, as
   segment_code says. #}
{% macro platforms_and_all(relation) -%}
    select
        {{ relation }}.*,
        case when totals.is_total then 'all' else {{ relation }}.platform_code end as segment_code
    from {{ relation }}
    cross join (values (false), (true)) as totals (is_total)
{%- endmacro %}
