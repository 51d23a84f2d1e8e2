{# Which export is believed. Both orders are total: two builds of the same landing
   never differ, whatever order the files came in. #}

{# Rows of a raw table that the newest export before as_of gives for each key. #}
{% macro latest_version(relation, key_columns) -%}
    select *
    from {{ relation }}
    where _exported_at < {{ as_of() }}
    qualify
        row_number() over (
            partition by {{ key_columns | join(', ') }}
            order by _exported_at desc, _file_sha256 desc, _row_number desc
        ) = 1
{%- endmacro %}

{# All rows of the newest file before as_of of each source, and none of older ones. #}
{% macro latest_file(relation) -%}
    select *
    from {{ relation }}
    where _exported_at < {{ as_of() }}
    qualify
        dense_rank() over (
            partition by _source_name
            order by _exported_at desc, _file_sha256 desc
        ) = 1
{%- endmacro %}
