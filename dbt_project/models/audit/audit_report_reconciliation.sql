-- Counts of every report table that has facts, beside the same counted from those facts:
-- a column that was summed from another week, or a join that doubles, shows here.
{%- set compared = [
    ('rpt_weekly_followers', 'agg_weekly_followers', ['opening_count', 'gained_count', 'lost_count', 'closing_count', 'net_count']),
    ('rpt_weekly_funnel', 'agg_weekly_funnel', ['member_count', 'entered_count', 'left_count', 'moved_up_count']),
    ('rpt_weekly_alignment', 'agg_weekly_alignment', ['mention_count', 'interaction_count', 'theme_post_count']),
    ('rpt_weekly_styles', 'agg_weekly_style_churn', ['post_count', 'broadcast_post_count', 'lost_count']),
    ('rpt_weekly_tone', 'agg_weekly_tone', ['scored_count', 'author_count']),
    ('rpt_employee_programme', 'agg_weekly_employees', ['enrolled_count', 'linked_count', 'share_count']),
    ('rpt_weekly_emerging', 'fct_issues', ['mention_count', 'author_count']),
    ('rpt_weekly_suggestions', 'fct_suggestions', ['evidence_count']),
] %}
{#- Those that the facts count in another shape, each below in its own way. -#}
{%- set summed = [
    ('rpt_weekly_volume', 'post_count'),
    ('rpt_weekly_volume', 'follower_count'),
    ('rpt_weekly_issues', 'mention_count'),
    ('rpt_weekly_issues', 'question_count'),
    ('rpt_weekly_issues', 'complaint_count'),
    ('rpt_weekly_terms', 'mention_count'),
    ('rpt_weekly_sources', 'rows_landed'),
] %}
{%- for report, fact, columns in compared %}{% for column in columns %}{% do summed.append((report, column)) %}{% endfor %}{% endfor %}
with

reported as (
    {% for report, column in summed %}
    select
        '{{ report }}' as table_name,
        '{{ column }}' as column_name,
        cast(sum({{ column }}) as double) as reported_value
    from {{ ref(report) }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}

),

themed as (

    select
        themes.theme_code,
        acts.is_question,
        acts.is_complaint
    from {{ ref('fct_interaction_themes') }} as themes
    inner join {{ ref('fct_interactions') }} as acts
        on themes.interaction_key = acts.interaction_key
    inner join {{ ref('rpt_weekly_issues') }} as issues
        on themes.theme_code = issues.theme_code
    where acts.occurred_week = {{ built_week() }} and acts.actor_class_code = 'stakeholder'

),

counted as (
    {% for report, fact, columns in compared %}{% for column in columns %}
    select
        '{{ report }}' as table_name,
        '{{ column }}' as column_name,
        cast(sum({{ column }}) as double) as counted_value
    from {{ ref(fact) }}
    where week_start = {{ built_week() }}
    union all
    {% endfor %}{% endfor %}
    select 'rpt_weekly_volume', 'post_count', cast(count(*) as double)
    from {{ ref('dim_posts') }}
    where posted_week = {{ built_week() }}
    union all
    select 'rpt_weekly_volume', 'follower_count', cast(sum(closing_count) as double)
    from {{ ref('agg_weekly_followers') }}
    where week_start = {{ built_week() }}
    union all
    select 'rpt_weekly_issues', 'mention_count', cast(count(*) as double) from themed
    union all
    select 'rpt_weekly_issues', 'question_count', cast(count(case when is_question then 1 end) as double)
    from themed
    union all
    select 'rpt_weekly_issues', 'complaint_count', cast(count(case when is_complaint then 1 end) as double)
    from themed
    union all
    select 'rpt_weekly_terms', 'mention_count', cast(sum(mention_count) as double)
    from {{ ref('agg_weekly_terms') }}
    where week_start = {{ built_week() }} and is_emerging and not is_part_of_longer
    union all
    select 'rpt_weekly_sources', 'rows_landed', cast(sum(rows_landed) as double)
    from {{ ref('stg_landing__export_manifest') }}
    where status_code = 'loaded' and exported_at >= {{ week_end_at() }}

)

-- A report without lines and facts without rows agree.
select
    {{ surrogate_key([built_week(), 'counted.table_name', 'counted.column_name']) }}
        as reconciliation_key,
    {{ built_week() }} as week_start,
    counted.table_name,
    counted.column_name,
    coalesce(reported.reported_value, 0) as reported_value,
    coalesce(counted.counted_value, 0) as counted_value,
    abs(coalesce(reported.reported_value, 0) - coalesce(counted.counted_value, 0)) < 0.000001
        as is_reconciled
from counted
inner join reported
    on
        counted.table_name = reported.table_name
        and counted.column_name = reported.column_name
