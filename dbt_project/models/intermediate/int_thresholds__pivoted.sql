{%- set thresholds = {
    'positive_compound_score': 'double',
    'negative_compound_score': 'double',
    'scored_ratio_minimum': 'double',
    'short_reply_hours': 'bigint',
    'long_reply_hours': 'bigint',
    'post_maturity_days': 'integer',
    'loop_alternation_count': 'bigint',
    'reciprocity_days': 'integer',
    'daily_author_cap_count': 'bigint',
    'burst_baseline_days': 'integer',
    'burst_warm_up_days': 'integer',
    'burst_author_minimum_count': 'bigint',
    'burst_mention_minimum_count': 'bigint',
    'burst_minimum_score': 'double',
    'person_platform_account_maximum': 'bigint',
    'email_name_maximum': 'bigint',
    'link_suggestion_minimum_ratio': 'double',
    'tone_text_minimum_count': 'bigint',
    'tone_author_minimum_count': 'bigint',
    'tone_label_minimum_count': 'bigint',
    'tone_label_author_minimum_count': 'bigint',
    'tone_stratum_label_minimum_count': 'bigint',
    'tone_stratum_sample_minimum_count': 'bigint',
    'tone_calibration_maximum_weeks': 'integer',
    'need_follow_up_days': 'bigint',
    'expectation_default_days': 'integer',
    'aspine_window_days': 'integer',
    'interest_post_minimum_count': 'bigint',
    'interest_minimum_lift': 'double',
    'interest_rank_maximum': 'bigint',
    'perception_sentence_minimum_count': 'bigint',
    'sentiment_text_minimum_count': 'bigint',
    'term_history_weeks': 'integer',
    'term_baseline_weeks': 'integer',
    'term_baseline_minimum_weeks': 'bigint',
    'term_baseline_minimum_texts': 'bigint',
    'term_author_cap_count': 'bigint',
    'term_author_term_maximum': 'bigint',
    'term_author_minimum_count': 'bigint',
    'term_prior_ratio': 'double',
    'term_minimum_score': 'double',
    'term_minimum_lift': 'double',
    'term_overlap_minimum_ratio': 'double',
    'term_collapse_minimum_ratio': 'double',
    'copied_text_word_count': 'bigint',
    'issue_evidence_count': 'bigint',
    'shift_text_minimum_count': 'bigint',
    'original_text_minimum_count': 'bigint',
    'original_reply_minimum_count': 'bigint',
    'original_video_minimum_count': 'bigint',
    'recognition_piece_count': 'bigint',
    'employee_window_days': 'integer',
    'sharer_share_minimum_count': 'bigint',
    'creator_piece_minimum_count': 'bigint',
    'creator_month_minimum_count': 'bigint',
    'engaged_week_minimum_count': 'bigint',
    'engaged_exchange_minimum_count': 'bigint',
    'lead_impact_points': 'double',
    'download_impact_points': 'double',
    'conversation_impact_points': 'double',
    'last_touch_days': 'integer',
    'recognised_rank_maximum': 'bigint',
    'recognition_freeze_days': 'integer',
    'recognition_effect_days': 'integer',
    'slipping_gap_factor': 'double',
    'slipping_minimum_days': 'bigint',
    'slipping_minimum_stage_number': 'bigint',
    'suggestion_history_weeks': 'integer',
    'suggestion_interest_weeks': 'integer',
    'suggestion_fresh_weeks': 'integer',
    'suggestion_interest_minimum_count': 'bigint',
    'suggestion_discussion_maximum': 'bigint',
    'suggestion_newcomer_days': 'integer',
    'suggestion_contact_days': 'integer',
    'suggestion_decline_days': 'integer',
    'suggestion_due_days': 'integer',
    'suggestion_ignored_days': 'integer',
    'suggestion_manager_maximum': 'bigint',
    'suggestion_evidence_count': 'bigint',
    'suggestion_decay_ratio': 'double',
    'exchange_reach_ratio': 'double',
    'platform_reach_ratio': 'double',
    'business_start_hour': 'integer',
    'business_end_hour': 'integer',
    'connection_direct_weight': 'double',
    'connection_indirect_weight': 'double',
    'connection_month_factor': 'double',
    'return_visit_days': 'integer',
    'segment_person_minimum_count': 'bigint',
    'segment_coverage_minimum_ratio': 'double',
    'blind_spot_minimum_ratio': 'double',
    'blind_spot_author_minimum_count': 'bigint',
    'commitment_month_factor': 'double',
    'progression_days': 'integer',
    'outcome_history_months': 'bigint',
} %}
with

thresholds as (

    select
        threshold_code,
        threshold_value
    from {{ ref('rule_thresholds') }}
    where
        valid_from <= {{ built_week() }}
        and (valid_to is null or valid_to > {{ built_week() }})

),

pivoted as (

    select
        {%- for code, type in thresholds.items() %}
        cast(max(case when threshold_code = '{{ code }}' then threshold_value end) as {{ type }})
            as {{ code }}
            {{- ',' if not loop.last }}
        {%- endfor %}
    from thresholds

)

select * from pivoted
