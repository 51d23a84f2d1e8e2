{# The words of a text as they were written, between single spaces. Addresses, e-mail
   addresses and handles are left out; they and every mark that ends a thought become a
   full stop, across which no two words belong together. A hashtag keeps its sign. #}
{% macro spoken_words(text) %}{{ return(adapter.dispatch('spoken_words')(text)) }}{% endmacro %}
{% macro default__spoken_words(text) -%}
    {%- set unnamed = "regexp_replace(" ~ text ~ ", "
        ~ "'(?i)(https?://|www\\.)\\S+|\\S+@\\S+\\.\\S+|@[\\pL\\pN_.@-]+|(^|\\s)/?u/[\\pL\\pN_-]+|&#?[a-z0-9]+;', "
        ~ "' . ', 'g')" -%}
    {%- set unquoted = "regexp_replace(" ~ unnamed ~ ", '[''’](s\\b)?', '', 'g')" -%}
    {%- set broken = "regexp_replace(" ~ unquoted ~ ", '[^\\pL\\pN_# \\t-]+', ' . ', 'g')" -%}
    trim(regexp_replace(replace({{ broken }}, '#', ' #'), '[ \t-]+', ' ', 'g'))
{%- endmacro %}

{# One row per text and different word of it, and per text and different pair of
   neighbours; next_word is null for a word alone. The text is in the form of
   spoken_words; both words come out in lower case. #}
{% macro words_and_pairs(relation, kept_columns, text_column) %}{{ return(adapter.dispatch('words_and_pairs')(relation, kept_columns, text_column)) }}{% endmacro %}
{% macro default__words_and_pairs(relation, kept_columns, text_column) -%}
    select
        {{ kept_columns | join(', ') }},
        unnest(list_distinct(string_split(lower({{ text_column }}), ' '))) as word,
        cast(null as varchar) as next_word
    from {{ relation }}

    union all

    select
        {{ kept_columns | join(', ') }},
        struct_extract(pair, 1) as word,
        struct_extract(pair, 2) as next_word
    from (
        select
            {{ kept_columns | join(', ') }},
            unnest(list_distinct(list_zip(words[:-2], words[2:]))) as pair
        from (
            select
                {{ kept_columns | join(', ') }},
                string_split(lower({{ text_column }}), ' ') as words
            from {{ relation }}
        ) as split
    ) as paired
{%- endmacro %}

{# One row per place in a text, in the form of spoken_words: the word that stands there in
   lower case, and the next one, null at the end. #}
{% macro words_in_order(relation, kept_columns, text_column) %}{{ return(adapter.dispatch('words_in_order')(relation, kept_columns, text_column)) }}{% endmacro %}
{% macro default__words_in_order(relation, kept_columns, text_column) -%}
    select
        {{ kept_columns | join(', ') }},
        unnest(words) as word,
        unnest(words[2:]) as next_word
    from (
        select
            {{ kept_columns | join(', ') }},
            string_split(lower({{ text_column }}), ' ') as words
        from {{ relation }}
    ) as split
{%- endmacro %}

{# One row per text and different word of it that is written with a capital. #}
{% macro capital_words(relation, kept_columns, text_column) %}{{ return(adapter.dispatch('capital_words')(relation, kept_columns, text_column)) }}{% endmacro %}
{% macro default__capital_words(relation, kept_columns, text_column) -%}
    select
        {{ kept_columns | join(', ') }},
        lower(unnest(list_distinct(list_filter(
            string_split({{ text_column }}, ' '),
            lambda word: word[1] <> lower(word[1])
        )))) as word
    from {{ relation }}
{%- endmacro %}

{# Whether a word can be a term: three to thirty characters that begin with a letter.
   Digits, full stops and the sign of a hashtag sort before the letters. #}
{% macro is_term_word(word) -%}
    (length({{ word }}) between 3 and 30 and {{ word }} >= 'a')
{%- endmacro %}

{# Log-odds of a term in one body of texts against another with an informative
   Dirichlet prior: Monroe, Colaresi and Quinn 2008, equations 15 and 16. #}
{% macro log_odds(count, total, prior_count, prior_total) -%}
    ln(
        ({{ count }} + {{ prior_count }})
        / greatest({{ total }} + {{ prior_total }} - {{ count }} - {{ prior_count }}, 0.5)
    )
{%- endmacro %}

{% macro is_hashtag(word) -%}
    ({{ word }} like '#%' and length({{ word }}) between 4 and 31 and {{ word }} >= '#a')
{%- endmacro %}

{# Words of a text in the form of spoken_words. #}
{% macro word_count(text) %}{{ return(adapter.dispatch('word_count')(text)) }}{% endmacro %}
{% macro default__word_count(text) -%}
    (length({{ text }}) - length(replace({{ text }}, ' ', '')) + 1)
{%- endmacro %}
