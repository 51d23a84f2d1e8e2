-- Each different text that somebody wrote, title included, once: many acts say the same.
with

texts as (

    select {{ full_text('title_text', 'body_text') }} as full_text
    from {{ ref('int_interactions__unioned') }}
    where full_text_key is not null
    group by {{ full_text('title_text', 'body_text') }}

)

select
    {{ hash_of('full_text') }} as full_text_key,
    full_text
from texts
