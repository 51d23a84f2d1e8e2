{% macro matches_pattern(text, pattern) %}{{ return(adapter.dispatch('matches_pattern')(text, pattern)) }}{% endmacro %}
{% macro default__matches_pattern(text, pattern) -%}
    regexp_matches({{ text }}, '{{ pattern | replace("'", "''") }}')
{%- endmacro %}
{% macro spark__matches_pattern(text, pattern) -%}
    ({{ text }} rlike {{ spark_pattern(pattern) }})
{%- endmacro %}

{# Spark reads a backslash in a string constant as an escape. #}
{% macro spark_pattern(pattern) -%}
    '{{ pattern | replace("\\", "\\\\") | replace("'", "\\'") }}'
{%- endmacro %}

{# What a pattern finds, all of it, replaced by a constant; a constant of the call, so
   that the engine compiles the pattern once. #}
{% macro replace_pattern(text, pattern, replacement) %}{{ return(adapter.dispatch('replace_pattern')(text, pattern, replacement)) }}{% endmacro %}
{% macro default__replace_pattern(text, pattern, replacement) -%}
    regexp_replace({{ text }}, '{{ pattern | replace("'", "''") }}', '{{ replacement }}', 'g')
{%- endmacro %}
{% macro spark__replace_pattern(text, pattern, replacement) -%}
    regexp_replace({{ text }}, {{ spark_pattern(pattern) }}, '{{ replacement }}')
{%- endmacro %}

{# True where a rule's pattern fits what is left of the text when everything that only
   looks like a hit is cut out of it. Null for no text. #}
{% macro fits_rule(text, pattern, except_pattern) -%}
    {%- if except_pattern -%}
    case
        when {{ matches_pattern(text, pattern) }}
            then {{ matches_pattern(replace_pattern(text, except_pattern, ' '), pattern) }}
        else false
    end
    {%- else -%}
    {{ matches_pattern(text, pattern) }}
    {%- endif -%}
{%- endmacro %}

{# Lower-case words between single spaces, with a space at either end, so that
   ' permit ' is found as a word and never inside another. #}
{% macro words_of(text) -%}
    (' ' || {{ replace_pattern('lower(' ~ text ~ ')', '[^\\pL\\pN_]+', ' ') }} || ' ')
{%- endmacro %}

{# True where the words hold the phrase; both in the form of words_of. A phrase
   without a letter or digit is in no text. #}
{% macro contains_phrase(words, phrase) -%}
    (length(trim({{ phrase }})) > 0 and contains({{ words }}, {{ plain_phrase(phrase) }}))
{%- endmacro %}

{# A phrase as it stands between other words; blank for one without a letter or digit. #}
{% macro plain_phrase(phrase) -%}
    replace({{ phrase }}, '  ', ' ')
{%- endmacro %}

{# Title and body of an act as one text; null where it has neither. #}
{% macro full_text(title, body) -%}
    nullif(concat_ws(chr(10), {{ title }}, {{ body }}), '')
{%- endmacro %}

{% macro split_to_rows(relation, kept_columns, list_column, separator, name) %}{{ return(adapter.dispatch('split_to_rows')(relation, kept_columns, list_column, separator, name)) }}{% endmacro %}
{% macro default__split_to_rows(relation, kept_columns, list_column, separator, name) -%}
    select
        {{ kept_columns | join(', ') }},
        unnest(string_split({{ list_column }}, '{{ separator }}')) as {{ name }}
    from {{ relation }}
{%- endmacro %}
{% macro spark__split_to_rows(relation, kept_columns, list_column, separator, name) -%}
    select
        {{ kept_columns | join(', ') }},
        explode(split({{ list_column }}, '[{{ separator }}]')) as {{ name }}
    from {{ relation }}
{%- endmacro %}

{# The rules of a versioned seed that hold for this build, as a list of rows. The
   patterns stand in the compiled SQL as constants: joined as a column, DuckDB compiles
   each one anew for every text, which takes a thousand times as long. The calling
   model names the seed in a depends_on comment. #}
{% macro rules_of(seed_name, columns) -%}
    {%- if not execute -%}{{ return([]) }}{%- endif -%}
    {%- set relation = adapter.get_relation(database=target.database, schema='seeds', identifier=seed_name) -%}
    {%- if relation is none -%}
        {{ exceptions.raise_compiler_error("The seed " ~ seed_name ~ " is not loaded. Run 'dbt seed' first.") }}
    {%- endif -%}
    {%- set found = run_query(
        "select " ~ columns | join(', ') ~ " from " ~ relation
        ~ " where valid_from <= " ~ built_week()
        ~ " and (valid_to is null or valid_to > " ~ built_week() ~ ")"
        ~ " order by position_number, rule_id"
    ) -%}
    {{ return(found.rows) }}
{%- endmacro %}

{# Changes with each rule, and with the macros that words and rules are read by: texts
   that were read with another digest are read again. #}
{% macro reading_digest(rules) -%}
    {%- set told = [words_of('text'), fits_rule('text', 'pattern', 'except')] -%}
    {%- for rule in rules -%}
        {%- do told.append(rule | join('|')) -%}
    {%- endfor -%}
    {{ local_md5(told | join('||')) }}
{%- endmacro %}

{# Names of those Boolean columns that are true, in the order given; null for none. #}
{% macro names_of_true(columns) -%}
    {%- set told = ["cast(null as " ~ type_string() ~ ")"] -%}
    {%- for column in columns -%}
        {%- do told.append("case when " ~ column ~ " then '" ~ column ~ "' end") -%}
    {%- endfor -%}
    nullif(concat_ws(',', {{ told | join(', ') }}), '')
{%- endmacro %}

{# Whether one of some Boolean columns is true. #}
{% macro any_of(columns) -%}
    ({{ (columns + ['false']) | join(' or ') }})
{%- endmacro %}

{% macro extract_pattern(text, pattern) %}{{ return(adapter.dispatch('extract_pattern')(text, pattern)) }}{% endmacro %}
{% macro default__extract_pattern(text, pattern) -%}
    nullif(regexp_extract({{ text }}, '{{ pattern | replace("'", "''") }}', 1), '')
{%- endmacro %}
{% macro spark__extract_pattern(text, pattern) -%}
    nullif(regexp_extract({{ text }}, {{ spark_pattern(pattern) }}, 1), '')
{%- endmacro %}

{# Archives tell a repost of X only by how its text begins. #}
{% macro is_x_repost(text) -%}
    coalesce({{ matches_pattern(text, '^RT @[A-Za-z0-9_]+:') }}, false)
{%- endmacro %}

{# name@host of a fediverse account; servers leave their own host out. #}
{% macro fediverse_handle(account_name, account_uri) -%}
    case
        when {{ account_name }} like '%@%' then {{ account_name }}
        else {{ account_name }} || '@' || {{ extract_pattern(account_uri, '^https?://([^/]+)/') }}
    end
{%- endmacro %}
