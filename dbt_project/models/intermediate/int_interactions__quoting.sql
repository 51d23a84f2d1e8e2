-- Turns that pass on a post of ours with words of their own: quotes, where an export says
-- what is quoted.
with

quotes as (

    select
        platform_code,
        source_id,
        {{ id_of_native('platform_code', 'shared_id') }} as quoted_id
    from {{ ref('int_shares__unioned') }}
    where has_commentary

),

posts as (

    select distinct
        platform_code,
        {{ id_of_native('platform_code', 'post_id') }} as quoted_id
    from {{ ref('int_posts__latest') }}

),

-- One row per turn: two accounts never write one.
quoting as (

    select distinct {{ surrogate_key(['quotes.platform_code', 'quotes.source_id']) }} as interaction_key
    from quotes
    inner join posts
        on
            quotes.platform_code = posts.platform_code
            and quotes.quoted_id = posts.quoted_id

)

select * from quoting
