-- A threshold without a row for the week would be null, and every comparison with it
-- silently false.
select *
from {{ ref('int_thresholds__pivoted') }}
where
    {%- for column in [
        'positive_compound_score', 'negative_compound_score', 'scored_ratio_minimum',
        'short_reply_hours', 'long_reply_hours', 'post_maturity_days',
        'loop_alternation_count', 'reciprocity_days', 'daily_author_cap_count',
        'burst_baseline_days', 'burst_warm_up_days', 'burst_author_minimum_count',
        'burst_mention_minimum_count', 'burst_minimum_score',
        'person_platform_account_maximum', 'email_name_maximum',
        'link_suggestion_minimum_ratio',
    ] %}
    {{ column }} is null{{ ' or' if not loop.last }}
    {%- endfor %}
