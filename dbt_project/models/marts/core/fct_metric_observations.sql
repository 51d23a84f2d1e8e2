with

observations as (

    select * from {{ ref('int_observations__unpivoted') }}

),

metric_support as (

    select * from {{ ref('metric_support') }}

),

-- Same grain: the periods of support of one metric do not overlap.
described as (

    select
        {{ surrogate_key([
            'observations.platform_code',
            'observations.object_kind_code',
            'observations.object_key',
            'observations.metric_code',
            'observations.period_start',
            'observations.period_end',
            'observations.observed_at',
            'observations.file_sha256',
        ]) }} as observation_key,
        observations.platform_code,
        observations.object_kind_code,
        observations.object_key,
        observations.metric_code,
        metric_support.metric_kind_code,
        metric_support.exposure_kind_code,
        observations.period_start,
        observations.period_end,
        observations.value,
        observations.observed_at,
        observations.file_sha256
    from observations
    left join metric_support
        on
            observations.platform_code = metric_support.platform_code
            and observations.object_kind_code = metric_support.object_kind_code
            and observations.metric_code = metric_support.metric_code

)

select * from described
