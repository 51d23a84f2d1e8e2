-- Keys of acts, threads and people. Acts after the week do not exist yet.
with

interactions as (

    select * from {{ ref('int_interactions__unioned') }}

),

keyed as (

    select
        {{ surrogate_key(['platform_code', 'source_id']) }} as interaction_key,
        platform_code,
        {{ surrogate_key(['platform_code', "'thread'", 'thread_id']) }} as thread_key,
        case
            when parent_id is not null
                then {{ surrogate_key(['platform_code', 'parent_id']) }}
        end as parent_interaction_key,
        case when is_root then 'create' else 'reply' end as verb_code,
        nullif(account_id, '') as account_id,
        account_handle,
        display_name,
        is_flagged_admin,
        {{ person_key('platform_code', "nullif(account_id, '')") }} as person_key,
        md5(coalesce(nullif(body_text, ''), title_text)) as text_key,
        nullif(concat_ws(chr(10), title_text, body_text), '') as full_text,
        like_count,
        coalesce(is_overheard, false) as is_overheard,
        occurred_at,
        {{ local_date('occurred_at') }} as occurred_date,
        {{ reporting_week(local_date('occurred_at')) }} as occurred_week
    from interactions
    where occurred_at < {{ week_end_at() }}

)

select * from keyed
