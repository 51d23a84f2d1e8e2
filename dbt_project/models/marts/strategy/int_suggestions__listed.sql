{{ config(schema='intermediate', contract={'enforced': false}) }}
-- The list of each manager and week. Nobody is approached for two themes in one week. The
-- four kinds take turns, so that none fills the list, each with its best score first.
with

thresholds as (

    select suggestion_manager_maximum
    from {{ ref('int_thresholds__pivoted') }}

),

suggestions as (

    select
        suggestion_key,
        week_start,
        owner_name,
        kind_code,
        person_key,
        score
    from {{ ref('int_suggestions__filtered') }}
    where filter_code is null

),

-- Ranks are found on what they need; the rest of a suggestion is joined to those listed.
chosen as (

    select
        suggestion_key,
        week_start,
        owner_name,
        kind_code,
        score
    from suggestions
    where person_key is null

    union all

    select
        suggestion_key,
        week_start,
        owner_name,
        kind_code,
        score
    from suggestions
    where person_key is not null
    qualify
        row_number() over (
            partition by week_start, person_key
            order by score desc, suggestion_key
        ) = 1

),

turned as (

    select
        chosen.*,
        row_number() over (
            partition by week_start, owner_name, kind_code
            order by score desc, suggestion_key
        ) as kind_rank
    from chosen

),

-- Whoever is not among the first of a kind is not among the first of all kinds.
shortened as (

    select turned.*
    from turned
    cross join thresholds
    where turned.kind_rank <= thresholds.suggestion_manager_maximum

),

ranked as (

    select
        suggestion_key,
        kind_rank,
        row_number() over (
            partition by week_start, owner_name
            order by kind_rank, score desc, suggestion_key
        ) as suggestion_rank
    from shortened

),

capped as (

    select
        scored.*,
        ranked.kind_rank,
        ranked.suggestion_rank
    from ranked
    cross join thresholds
    inner join {{ ref('int_suggestions__scored') }} as scored
        on ranked.suggestion_key = scored.suggestion_key
    where ranked.suggestion_rank <= thresholds.suggestion_manager_maximum

),

scores as (

    select
        week_start,
        owner_name,
        kind_code,
        theme_code,
        score
    from capped
    group by
        week_start,
        owner_name,
        kind_code,
        theme_code,
        score

),

-- What a listed one has to be told apart from, whether listed or not.
equals as (

    select scored.*
    from {{ ref('int_suggestions__scored') }} as scored
    inner join scores
        on
            scored.week_start = scores.week_start
            and scored.owner_name = scores.owner_name
            and scored.kind_code = scores.kind_code
            and scored.theme_code = scores.theme_code
            and scored.score = scores.score

),

codes as (

    {{ suggestion_codes('equals') }}

),

coded as (

    select
        capped.*,
        codes.suggestion_code
    from capped
    inner join codes
        on capped.suggestion_key = codes.suggestion_key

)

select * from coded
