{{ config(schema='intermediate', contract={'enforced': false}) }}
-- By how much the calibrated tone moved since the week before, for two labelled weeks.
-- Who spoke in both moves both: the influences of a person are subtracted before they
-- are squared.
with

weeks as (

    select * from {{ ref('int_tone_weeks__estimated') }}

),

authors as (

    select * from {{ ref('int_tone_authors__weighed') }}

),

-- One row per labelled week, segment and author; a week whose error nobody can tell is
-- left out.
tuned as (

    select
        authors.week_start,
        authors.segment_kind_code,
        authors.segment_code,
        authors.author_person_key,
        sqrt(weeks.variance_factor)
        * (authors.net_influence + weeks.net_weight * authors.score_influence) as net_influence,
        sqrt(weeks.variance_factor)
        * (authors.mean_influence + weeks.mean_weight * authors.score_influence) as mean_influence
    from authors
    inner join weeks
        on
            authors.week_start = weeks.week_start
            and authors.segment_kind_code = weeks.segment_kind_code
            and authors.segment_code = weeks.segment_code
    where weeks.degrees_of_freedom >= 1

),

-- Each author's influence on a change: that on the week, less that on the week before.
moves as (

    select
        week_start,
        segment_kind_code,
        segment_code,
        author_person_key,
        net_influence,
        mean_influence
    from tuned

    union all

    select
        {{ days_later('week_start', 7) }} as week_start,
        segment_kind_code,
        segment_code,
        author_person_key,
        -net_influence as net_influence,
        -mean_influence as mean_influence
    from tuned

),

moved as (

    select
        week_start,
        segment_kind_code,
        segment_code,
        author_person_key,
        sum(net_influence order by net_influence) as net_influence,
        sum(mean_influence order by mean_influence) as mean_influence
    from moves
    group by
        week_start,
        segment_kind_code,
        segment_code,
        author_person_key

),

summed as (

    select
        week_start,
        segment_kind_code,
        segment_code,
        sum(pow(net_influence, 2) order by author_person_key) as net_variance,
        sum(pow(mean_influence, 2) order by author_person_key) as mean_variance
    from moved
    group by
        week_start,
        segment_kind_code,
        segment_code

),

-- Same grain: two weeks that follow each other.
compared as (

    select
        weeks.week_start,
        weeks.segment_kind_code,
        weeks.segment_code,
        weeks.net_sentiment - previous.net_sentiment as net_change,
        weeks.mean_tone - previous.mean_tone as mean_change,
        summed.net_variance,
        summed.mean_variance,
        least(weeks.degrees_of_freedom, previous.degrees_of_freedom) as degrees_of_freedom,
        pow(weeks.net_least_margin, 2) + pow(previous.net_least_margin, 2) as net_least_square,
        pow(weeks.mean_least_margin, 2) + pow(previous.mean_least_margin, 2) as mean_least_square
    from weeks
    inner join weeks as previous
        on
            {{ days_earlier('weeks.week_start', 7) }} = previous.week_start
            and weeks.segment_kind_code = previous.segment_kind_code
            and weeks.segment_code = previous.segment_code
    inner join summed
        on
            weeks.week_start = summed.week_start
            and weeks.segment_kind_code = summed.segment_kind_code
            and weeks.segment_code = summed.segment_code
    where
        weeks.degrees_of_freedom >= 1
        and previous.degrees_of_freedom >= 1

),

bounded as (

    select
        compared.*,
        sqrt(pow({{ t_quantile('degrees_of_freedom') }}, 2) * net_variance + net_least_square) as net_margin,
        sqrt(pow({{ t_quantile('degrees_of_freedom') }}, 2) * mean_variance + mean_least_square) as mean_margin
    from compared

)

select * from bounded
