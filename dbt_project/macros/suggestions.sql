{# Whom or what a suggestion is about: the person, else the page, else the conversation. #}
{% macro suggestion_subject(alias) -%}
    coalesce({{ alias }}.person_key, {{ alias }}.asset_key, {{ alias }}.conversation_key)
{%- endmacro %}

{# The code that managers answer with, per suggestion_key: made only of what is on the
   published list, so it leads to nobody; equal scores of one kind and theme are told
   apart by their place among equals. The relation must therefore hold all that are equal
   in week, owner, kind, theme and score to any suggestion that it holds. #}
{% macro suggestion_codes(relation) -%}
    select
        suggestion_key,
        left(
            {{ surrogate_key(['week_start', 'owner_name', 'kind_code', 'theme_code', 'score_millionths', 'tie_number']) }},
            12
        ) as suggestion_code
    from (
        select
            suggestion_key,
            week_start,
            owner_name,
            kind_code,
            theme_code,
            cast(round(score * 1000000) as bigint) as score_millionths,
            row_number() over (
                partition by week_start, owner_name, kind_code, theme_code, score
                order by suggestion_key
            ) as tie_number
        from {{ relation }}
    ) as numbered
{%- endmacro %}
