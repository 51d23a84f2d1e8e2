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
        'tone_text_minimum_count', 'tone_author_minimum_count',
        'tone_label_minimum_count', 'tone_label_author_minimum_count',
        'tone_stratum_label_minimum_count', 'tone_stratum_sample_minimum_count',
        'tone_calibration_maximum_weeks',
        'need_follow_up_days', 'expectation_default_days', 'aspine_window_days',
        'interest_post_minimum_count', 'interest_minimum_lift', 'interest_rank_maximum',
        'perception_sentence_minimum_count', 'sentiment_text_minimum_count',
        'term_history_weeks', 'term_baseline_weeks', 'term_baseline_minimum_weeks',
        'term_baseline_minimum_texts', 'term_author_cap_count',
        'term_author_minimum_count', 'term_prior_ratio', 'term_minimum_score',
        'term_minimum_lift', 'term_overlap_minimum_ratio', 'term_collapse_minimum_ratio',
        'copied_text_word_count', 'issue_evidence_count', 'shift_text_minimum_count',
    ] %}
    {{ column }} is null{{ ' or' if not loop.last }}
    {%- endfor %}
