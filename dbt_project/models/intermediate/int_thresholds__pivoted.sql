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
