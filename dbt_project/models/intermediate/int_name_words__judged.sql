-- Which words are names of people. A single word is one unless most people who use it
-- write it small; people are counted once a week, so that nobody who writes a word large
-- a hundred times makes it a name.
with

name_words as (

    select * from {{ ref('int_name_words__listed') }}

),

texts as (

    select
        person_key,
        occurred_week,
        spoken_text
    from {{ ref('int_term_texts__spoken') }}

),

capital_words as (

    {{ capital_words('texts', ['person_key', 'occurred_week'], 'spoken_text') }}

),

writers as (

    select distinct
        capital_words.word,
        capital_words.person_key,
        capital_words.occurred_week
    from capital_words
    inner join name_words
        on capital_words.word = name_words.word

),

capitals as (

    select
        word,
        count(*) as capital_author_count
    from writers
    group by word

),

uses as (

    select
        term_text as word,
        sum(author_count) as author_count
    from {{ ref('int_term_weeks__counted') }}
    where term_kind_code = 'word'
    group by term_text

),

judged as (

    select name_words.word
    from name_words
    left join capitals
        on name_words.word = capitals.word
    left join uses
        on name_words.word = uses.word
    where
        name_words.is_certain
        or uses.author_count is null
        or 2 * coalesce(capitals.capital_author_count, 0) >= uses.author_count

)

select * from judged
