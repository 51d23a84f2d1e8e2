{# How alike two short names are, 0 to 1: Jaro-Winkler, which weighs the beginning. #}
{% macro name_similarity(one, other) %}{{ return(adapter.dispatch('name_similarity')(one, other)) }}{% endmacro %}
{% macro default__name_similarity(one, other) -%}
    jaro_winkler_similarity({{ one }}, {{ other }})
{%- endmacro %}

{# Letters of a handle or name in lower case, without accents, marks and digits at the
   end: what stays when somebody signs up again elsewhere. Null where too few are left
   to tell anything. #}
{% macro bare_name(text) %}{{ return(adapter.dispatch('bare_name')(text)) }}{% endmacro %}
{% macro default__bare_name(text) -%}
    {%- set bare = "regexp_replace(regexp_replace(lower(strip_accents(" ~ text ~ ")), '[^\\pL\\pN]+', '', 'g'), '[0-9]+$', '')" -%}
    case when length({{ bare }}) >= 5 then {{ bare }} end
{%- endmacro %}

{# Cosine of the angle between two vectors of counts, 0 to 1, by their product and the sum
   of squares of each. Null for a vector without length: nobody knows its direction. #}
{% macro cosine(product, one_square_sum, other_square_sum) -%}
    round({{ safe_ratio(product, "sqrt(cast(" ~ one_square_sum ~ " as double) * " ~ other_square_sum ~ ")") }}, 9)
{%- endmacro %}
