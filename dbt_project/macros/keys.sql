{# 32 hexadecimal digits: md5, which every engine computes alike. Null for null. #}
{% macro hash_of(text) %}{{ return(adapter.dispatch('hash_of')(text)) }}{% endmacro %}
{% macro default__hash_of(text) -%}
    md5({{ text }})
{%- endmacro %}
{% macro spark__hash_of(text) -%}
    md5(encode({{ text }}, 'UTF-8'))
{%- endmacro %}

{# md5 over the whole grain: equal on every engine, made once, never of a double. #}
{% macro surrogate_key(columns) -%}
    {%- set told = [] -%}
    {%- for column in columns -%}
        {%- do told.append("coalesce(cast(" ~ column ~ " as " ~ type_string() ~ "), '~')") -%}
    {%- endfor -%}
    {{ hash_of("concat_ws('|', " ~ told | join(', ') ~ ")") }}
{%- endmacro %}

{# Null for a platform or account that is not known: nobody is not a person. #}
{% macro person_key(platform_code, account_id) -%}
    case
        when {{ account_id }} is not null
            then {{ surrogate_key([platform_code, account_id]) }}
    end
{%- endmacro %}

{# Keys of a turn, of its thread and of the turn that it answers, as three columns. #}
{% macro turn_keys() -%}
    {{ surrogate_key(['platform_code', 'source_id']) }} as interaction_key,
    {{ surrogate_key(['platform_code', "'thread'", 'thread_id']) }} as thread_key,
    case
        when parent_id is not null
            then {{ surrogate_key(['platform_code', 'parent_id']) }}
    end as parent_interaction_key
{%- endmacro %}
