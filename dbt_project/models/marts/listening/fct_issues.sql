-- Issues of each week in their order: how far from the usual, then how many people.
with

issues as (

    select * from {{ ref('int_issues__listed') }}

),

posts as (

    select
        week_start,
        issue_kind_code,
        issue_code,
        count(*) as mention_count,
        count(distinct person_key) as author_count
    from {{ ref('int_issue_posts__found') }}
    group by
        week_start,
        issue_kind_code,
        issue_code

),

ranked as (

    select
        issues.week_start,
        issues.issue_kind_code,
        issues.issue_code,
        row_number() over (
            partition by issues.week_start
            order by
                greatest(coalesce(issues.burst_score, 0), coalesce(issues.z_score, 0)) desc,
                posts.author_count desc,
                issues.issue_kind_code,
                issues.issue_code
        ) as issue_rank,
        issues.burst_score,
        issues.z_score,
        issues.started_on,
        issues.term_list,
        posts.mention_count,
        posts.author_count
    from issues
    inner join posts
        on
            issues.week_start = posts.week_start
            and issues.issue_kind_code = posts.issue_kind_code
            and issues.issue_code = posts.issue_code

)

select * from ranked
