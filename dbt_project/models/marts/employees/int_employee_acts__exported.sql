{{ config(schema='intermediate', contract={'enforced': false}) }}
-- What each export said of an employee's turns, posts and videos: which words, how long.
with

acts as (

    select
        act_person_key,
        platform_code,
        source_id,
        {{ surrogate_key(['platform_code', 'source_id']) }} as interaction_key
    from {{ ref('int_employee_acts__gathered') }}
    where act_code in ('create', 'reply', 'post', 'video')

),

turns as (

    select
        acts.act_person_key,
        acts.platform_code,
        {{ exported_turn_id('acts.platform_code', 'acts.source_id', 'turns.account_id') }} as exported_id,
        turns.title_text
    from acts
    inner join {{ ref('int_turns__recalled') }} as turns
        on acts.interaction_key = turns.interaction_key

),

exported as (

    select
        turns.act_person_key,
        exports.exported_at,
        nullif(concat_ws(' ', turns.title_text, exports.body_text), '') as own_text
    from turns
    inner join {{ ref('stg_landing__turn_exports') }} as exports
        on
            turns.platform_code = exports.platform_code
            and turns.exported_id = exports.exported_id

    union all

    select
        acts.act_person_key,
        posts.observed_at as exported_at,
        posts.post_text as own_text
    from acts
    inner join {{ ref('int_posts__unioned') }} as posts
        on
            acts.platform_code = posts.platform_code
            and acts.source_id = posts.post_id

)

select
    act_person_key,
    exported_at,
    {{ text_fingerprint('own_text') }} as fingerprint_text_key,
    cast(length(trim({{ without_addresses('own_text') }})) as bigint) as character_count
from exported
