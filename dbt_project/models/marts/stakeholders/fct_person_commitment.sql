{%- set verbs = ['view', 'react', 'share', 'comment', 'reply', 'create', 'attend', 'download', 'register'] %}
-- How much people commit themselves: the one act that asks most of them, and beside it all
-- their acts with those of long ago counting less. Many taps reach a high sum and never a
-- high maximum, so neither figure is shown alone.
with

thresholds as (

    select commitment_month_factor
    from {{ ref('int_thresholds__pivoted') }}

),

weights as (

    select
        verb_code,
        weight_version,
        commitment_weight
    from {{ ref('engagement_weights') }}
    where
        valid_from <= {{ built_week() }}
        and (valid_to is null or valid_to > {{ built_week() }})

),

acts as (

    select
        acts.person_key,
        acts.verb_code,
        acts.occurred_date,
        weights.weight_version,
        weights.commitment_weight,
        -- Whole millionths: sums of doubles depend on the order of the rows.
        cast(round(
            weights.commitment_weight * 1000000 * power(
                thresholds.commitment_month_factor,
                {{ whole_months_between('acts.occurred_date', days_later(built_week(), 6)) }}
            )
        ) as bigint) as decayed_points
    from {{ ref('int_person_acts__dated') }} as acts
    inner join weights
        on acts.verb_code = weights.verb_code
    cross join thresholds

),

shown_platforms as (

    select
        platform_code,
        max(case verb_code when 'share' then 1 else 0 end) = 1 as has_share,
        max(case verb_code when 'react' then 1 else 0 end) = 1 as has_react
    from (
        select
            platform_code,
            'share' as verb_code
        from {{ ref('int_shares__unioned') }}

        union

        select
            platform_code,
            'react' as verb_code
        from {{ ref('int_reactions__unioned') }}
    ) as shown
    group by platform_code

),

tied_people as (

    select person_key
    from {{ ref('int_conversion_people__tied') }}
    group by person_key

),

summed as (

    select
        person_key,
        {%- for verb in verbs %}
        count(case when verb_code = '{{ verb }}' then 1 end) as {{ verb }}_count,
        {%- endfor %}
        count(*) as act_count,
        count(distinct occurred_date) as active_day_count,
        max(commitment_weight) as max_commitment_weight,
        cast(sum(decayed_points) as bigint) as decayed_points,
        max(weight_version) as weight_version
    from acts
    group by person_key

),

-- What no export tells of a person is null: a view or a visit never is zero.
joined as (

    select
        summed.*,
        coalesce(shown_platforms.has_share, false) as has_share,
        coalesce(shown_platforms.has_react, false) as has_react,
        tied_people.person_key is not null as is_tied
    from summed
    inner join {{ ref('dim_people') }} as people
        on summed.person_key = people.person_key
    left join shown_platforms
        on people.platform_code = shown_platforms.platform_code
    left join tied_people
        on summed.person_key = tied_people.person_key

)

select
    {{ built_week() }} as week_start,
    person_key,
    {%- for verb in ['view', 'comment', 'attend'] %}
    nullif({{ verb }}_count, 0) as {{ verb }}_count,
    {%- endfor %}
    {%- for verb in ['react', 'share'] %}
    case when has_{{ verb }} or {{ verb }}_count > 0 then {{ verb }}_count end as {{ verb }}_count,
    {%- endfor %}
    reply_count,
    create_count,
    {%- for verb in ['download', 'register'] %}
    case when is_tied then {{ verb }}_count end as {{ verb }}_count,
    {%- endfor %}
    act_count,
    active_day_count,
    max_commitment_weight,
    {{ safe_ratio('decayed_points', '1000000') }} as decayed_activity_points,
    weight_version
from joined
