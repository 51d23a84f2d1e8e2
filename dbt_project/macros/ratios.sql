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

{# Way from baseline to target in per cent, cut off at -100 and 150; null where any of the
   three is unknown or there is no way to go. greatest and least skip nulls, so the nulls
   come first: an unknown value must not end as -100. #}
{% macro progress_index(actual, baseline, target) -%}
    case
        when {{ actual }} is not null and {{ baseline }} is not null and {{ target }} <> {{ baseline }}
            then round(greatest(-100, least(150,
                100 * ({{ actual }} - {{ baseline }}) / ({{ target }} - {{ baseline }})
            )), 9)
    end
{%- endmacro %}
