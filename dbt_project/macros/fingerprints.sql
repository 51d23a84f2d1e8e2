{# Equal for texts that say the same: without addresses, case, punctuation and spacing.
   Null for a text without a letter or digit. #}
{% macro text_fingerprint(text) -%}
    {{ hash_of("nullif(trim(" ~ words_of(without_addresses(text)) ~ "), '')") }}
{%- endmacro %}

{# A text without web addresses and without the handles that it begins with: a link adds
   nothing of one's own, and platforms put handles before replies. #}
{% macro without_addresses(text) -%}
    {{ replace_pattern(replace_pattern(text, '(https?://|www\\.)\\S+', ' '), '^\\s*(@\\S+\\s+)+', '') }}
{%- endmacro %}
