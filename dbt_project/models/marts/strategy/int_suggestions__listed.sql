{{ config(schema='intermediate', contract={'enforced': false}) }}
-- The list of each manager and week. Nobody is approached for two themes in one week. The
-- four kinds take turns, so that none fills the list, each with its best score first.
with

thresholds as (

    select suggestion_manager_maximum
    from {{ ref('int_thresholds__pivoted') }}

),

suggestions as (

    select *
    from {{ ref('int_suggestions__filtered') }}
    where filter_code is null
    qualify
        person_key is null
        or row_number() over (
            partition by week_start, person_key
            order by score desc, suggestion_key
        ) = 1

),

turned as (

    select
        suggestions.*,
        row_number() over (
            partition by week_start, owner_name, kind_code
            order by score desc, suggestion_key
        ) as kind_rank
    from suggestions

),

ranked as (

    select
        turned.*,
        row_number() over (
            partition by week_start, owner_name
            order by kind_rank, score desc, suggestion_key
        ) as suggestion_rank
    from turned

),

capped as (

    select ranked.*
    from ranked
    cross join thresholds
    where ranked.suggestion_rank <= thresholds.suggestion_manager_maximum

)

select * from capped
