{# Null where the denominator is zero or not reported: no evidence is not a zero. #}
{% macro safe_ratio(numerator, denominator) %}{{ return(adapter.dispatch('safe_ratio')(numerator, denominator)) }}{% endmacro %}
{% macro default__safe_ratio(numerator, denominator) -%}
    cast({{ numerator }} as double) / nullif({{ denominator }}, 0)
{%- endmacro %}

{# Sum of the parts that a platform reports; null when it reports none of them. #}
{% macro sum_reported(columns) -%}
    case
        when {% for column in columns %}{{ column }} is not null{{ ' or ' if not loop.last }}{% endfor %}
            then {% for column in columns %}coalesce({{ column }}, 0){{ ' + ' if not loop.last }}{% endfor %}
    end
{%- endmacro %}
