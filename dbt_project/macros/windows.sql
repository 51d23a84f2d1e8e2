{# Frames of windows that are as wide as a rule says. #}

{# The last so many days up to that of the row, which count in whole numbers. The days may
   be a column: Spark takes only a number there. #}
{% macro last_days(days) %}{{ return(adapter.dispatch('last_days')(days)) }}{% endmacro %}
{% macro default__last_days(days) -%}
    range between {{ days }} - 1 preceding and current row
{%- endmacro %}
