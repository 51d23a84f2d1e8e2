-- The posts that show an issue best, one of each author: those that say most of its
-- terms, then those that most people liked, then the first ones.
with

posts as (

    select * from {{ ref('int_issue_posts__found') }}

),

interactions as (

    select
        interaction_key,
        platform_code,
        thread_key,
        like_count,
        occurred_at
    from {{ ref('int_interactions__classified') }}

),

thresholds as (

    select issue_evidence_count
    from {{ ref('int_thresholds__pivoted') }}

),

best_of_author as (

    select
        posts.*,
        interactions.platform_code,
        interactions.thread_key,
        interactions.like_count,
        interactions.occurred_at
    from posts
    inner join interactions
        on posts.interaction_key = interactions.interaction_key
    qualify
        row_number() over (
            partition by
                posts.week_start, posts.issue_kind_code, posts.issue_code, posts.person_key
            order by
                posts.term_count desc,
                interactions.like_count desc nulls last,
                interactions.occurred_at,
                posts.interaction_key
        ) = 1

),

ranked as (

    select
        *,
        row_number() over (
            partition by week_start, issue_kind_code, issue_code
            order by
                term_count desc,
                like_count desc nulls last,
                occurred_at,
                interaction_key
        ) as evidence_rank
    from best_of_author

)

select ranked.*
from ranked
cross join thresholds
where ranked.evidence_rank <= thresholds.issue_evidence_count
