{{ config(schema='intermediate', contract={'enforced': false}) }}
-- Who is on our side: people by the mean score of what they said in the period, what they
-- recommend, and who has arrived at the stage of advocates when the period closes. What
-- fewer people think than a segment needs is not stated: it can be told from who they are.
with

periods as (

    select
        period_kind_code,
        period_start,
        period_end
    from {{ ref('int_outcome_periods__listed') }}

),

people as (

    select
        audience_name,
        person_key
    from {{ ref('int_audience_people__listed') }}

),

audience_periods as (

    select
        audiences.audience_name,
        periods.period_kind_code,
        periods.period_start,
        periods.period_end
    from (select distinct audience_name from {{ ref('int_audience_platforms__listed') }}) as audiences
    cross join periods

),

thresholds as (

    select
        scored_ratio_minimum,
        positive_compound_score,
        negative_compound_score,
        segment_person_minimum_count
    from {{ ref('int_thresholds__pivoted') }}

),

-- One row per audience, period and person.
authors as (

    select
        people.audience_name,
        periods.period_kind_code,
        periods.period_start,
        interactions.person_key,
        count(*) as mention_count,
        count(interactions.compound_score) as scored_count,
        -- Whole ten-thousandths: sums of doubles depend on the order of the rows.
        {{ safe_ratio(
            'sum(cast(round(interactions.compound_score * 10000) as bigint))',
            'count(interactions.compound_score)'
        ) }} / 10000 as mean_score,
        count(case when interactions.is_recommendation then 1 end) as recommendation_count
    from {{ ref('fct_interactions') }} as interactions
    inner join people
        on interactions.person_key = people.person_key
    inner join periods
        on
            interactions.occurred_date >= periods.period_start
            and interactions.occurred_date < periods.period_end
    where interactions.actor_class_code = 'stakeholder'
    group by
        people.audience_name,
        periods.period_kind_code,
        periods.period_start,
        interactions.person_key

),

moods as (

    select
        authors.audience_name,
        authors.period_kind_code,
        authors.period_start,
        count(*) as author_count,
        count(authors.mean_score) as scored_person_count,
        count(case when authors.mean_score >= thresholds.positive_compound_score then 1 end)
            as supporter_count,
        count(case when authors.mean_score <= thresholds.negative_compound_score then 1 end)
            as opponent_count,
        cast(sum(authors.recommendation_count) as bigint) as recommendation_count,
        {{ safe_ratio('sum(authors.scored_count)', 'sum(authors.mention_count)') }} as scored_ratio,
        {{ safe_ratio('sum(authors.scored_count)', 'sum(authors.mention_count)') }}
        >= max(thresholds.scored_ratio_minimum) as is_readable
    from authors
    cross join thresholds
    group by
        authors.audience_name,
        authors.period_kind_code,
        authors.period_start

),

-- The last week that is over when the period is.
closing_weeks as (

    select
        periods.period_kind_code,
        periods.period_start,
        max(weeks.week_start) as week_start
    from periods
    inner join {{ ref('dim_weeks') }} as weeks
        on
            weeks.week_start >= {{ days_later('periods.period_start', -6) }}
            and {{ days_later('weeks.week_start', 7) }} <= periods.period_end
    group by
        periods.period_kind_code,
        periods.period_start

),

advocates as (

    select
        people.audience_name,
        closing_weeks.period_kind_code,
        closing_weeks.period_start,
        count(*) as advocate_count
    from {{ ref('int_person_stages__dated') }} as stages
    inner join people
        on stages.person_key = people.person_key
    inner join closing_weeks
        on closing_weeks.week_start between stages.first_week and stages.last_week
    where stages.stage_number = 6
    group by
        people.audience_name,
        closing_weeks.period_kind_code,
        closing_weeks.period_start

),

joined as (

    select
        audience_periods.*,
        coalesce(moods.author_count, 0) as author_count,
        coalesce(moods.scored_person_count, 0) as scored_person_count,
        moods.supporter_count,
        moods.opponent_count,
        coalesce(moods.is_readable, true) as is_readable,
        moods.scored_ratio,
        moods.recommendation_count,
        closing_weeks.week_start as closing_week,
        coalesce(advocates.advocate_count, 0) as advocate_count,
        thresholds.segment_person_minimum_count
    from audience_periods
    cross join thresholds
    {%- for relation in ['moods', 'advocates'] %}
    left join {{ relation }}
        on
            audience_periods.audience_name = {{ relation }}.audience_name
            and audience_periods.period_kind_code = {{ relation }}.period_kind_code
            and audience_periods.period_start = {{ relation }}.period_start
    {%- endfor %}
    left join closing_weeks
        on
            audience_periods.period_kind_code = closing_weeks.period_kind_code
            and audience_periods.period_start = closing_weeks.period_start

),

{#- indicator, factor, numerator, denominator, n, needs a readable tone #}
melted as (

    {%- for indicator, factor, numerator, denominator, n, needs_tone in [
        ('favourability', 1, 'supporter_count', 'supporter_count + opponent_count', 'scored_person_count', true),
        ('neutral_ratio', 1, 'scored_person_count - supporter_count - opponent_count', 'scored_person_count', 'scored_person_count', true),
        ('recommendations_per_1000_authors', 1000, 'recommendation_count', 'author_count', 'author_count', false),
    ] %}
    select
        audience_name,
        period_kind_code,
        period_start,
        '{{ indicator }}' as indicator_code,
        case
            when {{ 'is_readable and ' if needs_tone }}{{ n }} >= segment_person_minimum_count
                then {{ factor }} * {{ safe_ratio(numerator, denominator) }}
        end as value,
        case when {{ n }} not between 1 and segment_person_minimum_count - 1 then cast({{ numerator }} as double) end
            as numerator,
        case when {{ n }} not between 1 and segment_person_minimum_count - 1 then cast({{ denominator }} as double) end
            as denominator,
        {{ n }} as n,
        {{ 'scored_ratio' if needs_tone else 'cast(null as double)' }} as coverage_ratio,
        case
            {%- if needs_tone %}
            when not is_readable then 'too_few_scored'
            {%- endif %}
            when {{ n }} between 1 and segment_person_minimum_count - 1 then 'too_few_people'
            when coalesce({{ denominator }}, 0) = 0 then 'nobody'
        end as reason_code
    from joined

    union all
    {% endfor %}
    select
        audience_name,
        period_kind_code,
        period_start,
        'advocates' as indicator_code,
        case when closing_week is not null then cast(advocate_count as double) end as value,
        case when closing_week is not null then cast(advocate_count as double) end as numerator,
        cast(null as double) as denominator,
        advocate_count as n,
        cast(null as double) as coverage_ratio,
        case when closing_week is null then 'not_yet' end as reason_code
    from joined

)

select * from melted
