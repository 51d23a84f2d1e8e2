with

metrics as (

    select
        metric_id,
        metric_version,
        valid_from,
        metric_name,
        question_text,
        formula_text,
        grain_text,
        owner_name,
        unit_code,
        amec_level_code,
        metric_kind_code,
        better_direction_code,
        is_signed,
        source_text,
        segment_kinds is not null as is_weekly,
        model_name,
        column_name
    from {{ ref('metrics') }}

)

select * from metrics
