-- Each different text that somebody wrote, title included, once: many acts say the same.
with

interactions as (

    select
        full_text_key,
        title_text,
        body_text
    from {{ ref('int_interactions__unioned') }}
    where full_text_key is not null

)

select
    full_text_key,
    min({{ full_text('title_text', 'body_text') }}) as full_text
from interactions
group by full_text_key
