-- Issues of each week: groups of emerging terms, and themes that broke out. Where most
-- texts of a group name a theme that broke out in the same week, both are one issue, and
-- the theme names it. Both scores are deviates above the usual, so they rank together.
with

terms as (

    select
        grouped.week_start,
        grouped.lead_term_text,
        grouped.term_text,
        grouped.term_rank,
        grouped.longer_term_text,
        compared.z_score
    from {{ ref('int_emerging_terms__grouped') }} as grouped
    inner join {{ ref('int_term_weeks__compared') }} as compared
        on
            grouped.week_start = compared.week_start
            and grouped.term_kind_code = compared.term_kind_code
            and grouped.term_text = compared.term_text

),

found as (

    select
        terms.week_start,
        terms.lead_term_text,
        found.interaction_key,
        min(found.occurred_date) as occurred_date
    from {{ ref('int_emerging_terms__found') }} as found
    inner join terms
        on
            found.week_start = terms.week_start
            and found.term_text = terms.term_text
    group by
        terms.week_start,
        terms.lead_term_text,
        found.interaction_key

),

themes as (

    select
        interaction_key,
        theme_code
    from {{ ref('int_interaction_themes__matched') }}
    where not is_repeat

),

thresholds as (

    select
        term_history_weeks,
        term_overlap_minimum_ratio
    from {{ ref('int_thresholds__pivoted') }}

),

bursts as (

    select
        {{ reporting_week('topic_days.day') }} as week_start,
        topic_days.theme_code,
        max(topic_days.burst_score) as burst_score,
        min(topic_days.day) as first_day
    from {{ ref('int_topic_days__scored') }} as topic_days
    cross join thresholds
    where
        topic_days.is_burst
        and topic_days.day >= {{ days_earlier(built_week(), '(thresholds.term_history_weeks - 1) * 7') }}
    group by
        {{ reporting_week('topic_days.day') }},
        topic_days.theme_code

),

term_groups as (

    select
        week_start,
        lead_term_text,
        max(z_score) as z_score,
        {{ joined_text('term_text', '|', 'term_rank') }} filter (where longer_term_text is null)
            as term_list
    from terms
    group by
        week_start,
        lead_term_text

),

group_sizes as (

    select
        week_start,
        lead_term_text,
        count(*) as text_count,
        min(occurred_date) as first_day
    from found
    group by
        week_start,
        lead_term_text

),

-- One row per group of terms and theme that broke out and is named by most of its texts.
group_themes as (

    select
        found.week_start,
        found.lead_term_text,
        themes.theme_code
    from found
    cross join thresholds
    inner join themes
        on found.interaction_key = themes.interaction_key
    inner join bursts
        on
            found.week_start = bursts.week_start
            and themes.theme_code = bursts.theme_code
    inner join group_sizes
        on
            found.week_start = group_sizes.week_start
            and found.lead_term_text = group_sizes.lead_term_text
    group by
        found.week_start,
        found.lead_term_text,
        themes.theme_code
    having
        count(*) >= max(thresholds.term_overlap_minimum_ratio * group_sizes.text_count)
    qualify
        row_number() over (
            partition by found.week_start, found.lead_term_text
            order by count(*) desc, themes.theme_code
        ) = 1

),

signs as (

    select
        term_groups.week_start,
        case when group_themes.theme_code is not null then 'theme' else 'term' end
            as issue_kind_code,
        coalesce(group_themes.theme_code, term_groups.lead_term_text) as issue_code,
        cast(null as double) as burst_score,
        term_groups.z_score,
        term_groups.lead_term_text,
        term_groups.term_list,
        group_sizes.first_day
    from term_groups
    inner join group_sizes
        on
            term_groups.week_start = group_sizes.week_start
            and term_groups.lead_term_text = group_sizes.lead_term_text
    left join group_themes
        on
            term_groups.week_start = group_themes.week_start
            and term_groups.lead_term_text = group_themes.lead_term_text

    union all

    select
        week_start,
        'theme' as issue_kind_code,
        theme_code as issue_code,
        burst_score,
        cast(null as double) as z_score,
        cast(null as varchar) as lead_term_text,
        cast(null as varchar) as term_list,
        first_day
    from bursts

),

listed as (

    select
        week_start,
        issue_kind_code,
        issue_code,
        max(burst_score) as burst_score,
        max(z_score) as z_score,
        {{ joined_text('term_list', '|', 'z_score desc, lead_term_text') }} as term_list,
        min(first_day) as started_on
    from signs
    group by
        week_start,
        issue_kind_code,
        issue_code

)

select * from listed
