-- Said again word for word by the same person on the same day: one mention, pasted.
with

interactions as (

    select * from {{ ref('int_interactions__identified') }}

),

said as (

    select
        interactions.interaction_key,
        interactions.person_key,
        interactions.occurred_at,
        interactions.occurred_date,
        texts.said_key
    from interactions
    inner join {{ ref('int_texts__read') }} as texts
        on interactions.full_text_key = texts.full_text_key
    where
        interactions.person_key is not null
        and texts.said_key is not null

),

-- Few say anything twice: only they are put in order.
said_twice as (

    select
        person_key,
        occurred_date,
        said_key
    from said
    group by
        person_key,
        occurred_date,
        said_key
    having count(*) > 1

),

repeats as (

    select said.interaction_key
    from said
    inner join said_twice
        on
            said.person_key = said_twice.person_key
            and said.occurred_date = said_twice.occurred_date
            and said.said_key = said_twice.said_key
    qualify
        row_number() over (
            partition by said.person_key, said.occurred_date, said.said_key
            order by said.occurred_at, said.interaction_key
        ) > 1

)

select * from repeats
