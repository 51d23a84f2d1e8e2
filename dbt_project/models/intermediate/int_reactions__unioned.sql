-- Reactions of single accounts, where an export says who and when. Most platforms tell
-- only how many there were.
with

reactions as (

    select
        'bluesky' as platform_code,
        account_did as account_id,
        post_uri as reacted_id,
        min(least(liked_at, indexed_at)) as reacted_at
    from {{ ref('stg_bluesky__likes') }}
    where account_did is not null
    group by
        account_did,
        post_uri

)

select * from reactions
where reacted_at is not null
