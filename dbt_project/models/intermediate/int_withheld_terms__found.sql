-- Terms that enough people used to be published and that hold a name of a person.
with

thresholds as (

    select term_author_minimum_count
    from {{ ref('int_thresholds__pivoted') }}

),

terms as (

    select
        counted.week_start,
        counted.term_kind_code,
        counted.term_text
    from {{ ref('int_term_weeks__counted') }} as counted
    cross join thresholds
    where counted.author_count >= thresholds.term_author_minimum_count

),

name_words as (

    select word
    from {{ ref('int_name_words__judged') }}

),

withheld as (

    select terms.*
    from terms
    left join name_words
        on terms.term_text = name_words.word
    left join name_words as first_names
        on split_part(terms.term_text, ' ', 1) = first_names.word
    left join name_words as last_names
        on nullif(split_part(terms.term_text, ' ', 2), '') = last_names.word
    where
        name_words.word is not null
        or first_names.word is not null
        or last_names.word is not null

)

select * from withheld
