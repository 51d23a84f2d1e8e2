-- What the posts behind an issue say, for community managers alone: never published.
with

evidence as (

    select * from {{ ref('int_issue_evidence__ranked') }}

),

interactions as (

    select
        interaction_key,
        full_text_key
    from {{ ref('int_interactions__classified') }}

),

-- Only some sources know a post by its address; one export says as much as another.
addresses as (

    select
        interaction_key,
        max(source_id) as post_url
    from {{ ref('int_interactions__unioned') }}
    where {{ matches_pattern('source_id', '^https?://') }}
    group by interaction_key

)

select
    evidence.week_start,
    evidence.issue_kind_code,
    evidence.issue_code,
    evidence.evidence_rank,
    evidence.interaction_key,
    evidence.platform_code,
    evidence.occurred_at,
    evidence.like_count,
    texts.full_text,
    addresses.post_url,
    addresses.post_url is not null as has_link
from evidence
inner join interactions
    on evidence.interaction_key = interactions.interaction_key
left join {{ ref('int_texts__gathered') }} as texts
    on interactions.full_text_key = texts.full_text_key
left join addresses
    on evidence.interaction_key = addresses.interaction_key
