{# md5 over the whole grain: equal on every engine, made once, never of a double. #}
{% macro surrogate_key(columns) %}{{ return(adapter.dispatch('surrogate_key')(columns)) }}{% endmacro %}
{% macro default__surrogate_key(columns) -%}
    md5(concat_ws('|'
        {%- for column in columns %}, coalesce(cast({{ column }} as varchar), '~'){% endfor -%}
    ))
{%- endmacro %}

{# Null for a platform or account that is not known: nobody is not a person. #}
{% macro person_key(platform_code, account_id) -%}
    case
        when {{ account_id }} is not null
            then {{ surrogate_key([platform_code, account_id]) }}
    end
{%- endmacro %}
