-- depends_on: {{ ref('content_style_rules') }}
{%- set rules = rules_of('content_style_rules', ['rule_id', 'style_code', 'pattern']) %}
-- What kind of post it is and which theme it serves.
with

posts as (

    select
        post_key,
        platform_code,
        post_text,
        posted_date,
        {{ words_of("coalesce(post_text, '')") }} as words_text
    from {{ ref('int_posts__latest') }}

),

themes as (

    select * from {{ ref('int_themes__worded') }}

),

-- One row per post and theme.
matched as (

    select
        posts.post_key,
        themes.theme_code,
        count(*) as keyword_count,
        max(themes.weight_ratio) as weight_ratio
    from posts
    inner join themes
        on
            {{ contains_phrase('posts.words_text', 'themes.keyword_text') }}
            and posts.posted_date >= themes.valid_from
            and posts.posted_date < themes.valid_to
    group by
        posts.post_key,
        themes.theme_code

),

themed as (

    select
        post_key,
        theme_code
    from matched
    qualify
        row_number() over (
            partition by post_key
            order by keyword_count desc, weight_ratio desc nulls last, theme_code
        ) = 1

),

styled as (

    select
        posts.post_key,
        case
            {%- for rule in rules %}
            when {{ matches_pattern('posts.post_text', rule[2]) }} then '{{ rule[1] }}'
            {%- endfor %}
            else 'broadcast'
        end as content_style_code,
        posts.platform_code = 'x'
        and coalesce({{ matches_pattern('posts.post_text', '^\\s*@\\w+') }}, false) as is_reply,
        themed.theme_code,
        {{ hash_of("nullif(trim(posts.post_text), '')") }} as text_key
    from posts
    left join themed
        on posts.post_key = themed.post_key

)

select * from styled
