-- The posts behind each issue: those that say one of its terms, and of a theme that
-- broke out those of its loud days.
with

issues as (

    select
        week_start,
        issue_kind_code,
        issue_code,
        term_list
    from {{ ref('int_issues__listed') }}

),

issue_terms as (

    {{ split_to_rows('issues', ['week_start', 'issue_kind_code', 'issue_code'], 'term_list', '|', 'term_text') }}

),

days as (

    select
        day,
        {{ reporting_week('day') }} as week_start,
        theme_code
    from {{ ref('int_topic_days__scored') }}
    where is_burst

),

themes as (

    select
        interaction_key,
        theme_code
    from {{ ref('int_interaction_themes__matched') }}
    where not is_repeat

),

interactions as (

    select
        interaction_key,
        person_key,
        occurred_date
    from {{ ref('int_interactions__classified') }}
    where actor_class_code = 'stakeholder'

),

signs as (

    select
        issue_terms.week_start,
        issue_terms.issue_kind_code,
        issue_terms.issue_code,
        found.interaction_key,
        count(*) as term_count
    from issue_terms
    inner join {{ ref('int_emerging_terms__found') }} as found
        on
            issue_terms.week_start = found.week_start
            and issue_terms.term_text = found.term_text
    group by
        issue_terms.week_start,
        issue_terms.issue_kind_code,
        issue_terms.issue_code,
        found.interaction_key

    union all

    select
        issues.week_start,
        issues.issue_kind_code,
        issues.issue_code,
        interactions.interaction_key,
        0 as term_count
    from issues
    inner join days
        on
            issues.week_start = days.week_start
            and issues.issue_code = days.theme_code
    inner join interactions
        on days.day = interactions.occurred_date
    inner join themes
        on
            interactions.interaction_key = themes.interaction_key
            and days.theme_code = themes.theme_code
    where issues.issue_kind_code = 'theme'

)

-- One row per issue and post.
select
    signs.week_start,
    signs.issue_kind_code,
    signs.issue_code,
    signs.interaction_key,
    interactions.person_key,
    max(signs.term_count) as term_count
from signs
inner join interactions
    on signs.interaction_key = interactions.interaction_key
group by
    signs.week_start,
    signs.issue_kind_code,
    signs.issue_code,
    signs.interaction_key,
    interactions.person_key
