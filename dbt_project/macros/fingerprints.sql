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

{# Characters from which an act of an employee is an original piece, by the thresholds that
   the calling model joins. #}
{% macro original_minimum(act_code) -%}
    case {{ act_code }}
        when 'reply' then thresholds.original_reply_minimum_count
        when 'video' then thresholds.original_video_minimum_count
        else thresholds.original_text_minimum_count
    end
{%- endmacro %}
