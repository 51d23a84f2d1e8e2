-- Which words are names of people. A word of a longer name is one unless most texts
-- that hold it write it small.
with

name_words as (

    select * from {{ ref('int_name_words__listed') }}

),

texts as (

    select
        interaction_key,
        spoken_text
    from {{ ref('int_term_texts__spoken') }}

),

capital_words as (

    {{ capital_words('texts', ['interaction_key'], 'spoken_text') }}

),

capitals as (

    select
        capital_words.word,
        count(*) as capital_count
    from capital_words
    inner join name_words
        on capital_words.word = name_words.word
    group by capital_words.word

),

uses as (

    select
        term_text as word,
        sum(mention_count) as mention_count
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
        name_words.is_whole
        or coalesce(2 * capitals.capital_count >= uses.mention_count, true)

)

select * from judged
