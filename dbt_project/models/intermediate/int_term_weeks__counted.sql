-- How often each word, pair of neighbouring words and hashtag was said in each week. A
-- text says a term once, and an author counts a few times a week at most, with so many
-- different terms: whoever posts ten thousand random words must not make all others rare.
-- Terms that never reach enough authors stand together in one row a week without a term.
with

spoken as (

    select
        occurred_week,
        person_key,
        spoken_text
    from {{ ref('int_term_texts__spoken') }}

),

stop_words as (

    select word
    from {{ ref('stop_words') }}

),

thresholds as (

    select
        term_author_cap_count,
        term_author_term_maximum,
        term_author_minimum_count
    from {{ ref('int_thresholds__pivoted') }}

),

-- Texts, words and terms go by number from here: each text is cut into words once, each
-- word judged once, and what is counted per author are numbers.
texts as (

    select
        spoken_text,
        row_number() over (order by spoken_text) as text_number
    from spoken
    group by spoken_text

),

places as (

    {{ words_in_order('texts', ['text_number'], 'spoken_text') }}

),

-- One row per word that can be a term, or part of one.
words as (

    select
        places.word,
        {{ is_hashtag('places.word') }} as is_hashtag,
        row_number() over (order by places.word) as word_number
    from places
    left join stop_words
        on places.word = stop_words.word
    where
        stop_words.word is null
        and ({{ is_term_word('places.word') }} or {{ is_hashtag('places.word') }})
    group by places.word

),

-- Next word 0: none that makes a pair with this one.
numbered as (

    select
        places.text_number,
        words.word_number,
        case
            when not words.is_hashtag and not next_words.is_hashtag then next_words.word_number
            else 0
        end as next_word_number
    from places
    inner join words
        on places.word = words.word
    left join words as next_words
        on places.next_word = next_words.word

),

-- One row per text and different term of it.
text_terms as (

    select
        text_number,
        word_number,
        0 as next_word_number
    from numbered
    group by
        text_number,
        word_number

    union all

    select
        text_number,
        word_number,
        next_word_number
    from numbered
    where next_word_number > 0
    group by
        text_number,
        word_number,
        next_word_number

),

worded as (

    select
        used.word_number,
        used.next_word_number,
        case
            when words.is_hashtag then 'hashtag'
            when next_words.word is null then 'word'
            else 'phrase'
        end as term_kind_code,
        concat_ws(' ', words.word, next_words.word) as term_text
    from (
        select
            word_number,
            next_word_number
        from text_terms
        group by
            word_number,
            next_word_number
    ) as used
    inner join words
        on used.word_number = words.word_number
    left join words as next_words
        on used.next_word_number = next_words.word_number

),

-- One row per term, numbered in the order that decides between equals.
terms as (

    select
        *,
        row_number() over (order by {{ hash_of('term_text') }}, term_text) as term_number
    from worded

),

-- One row per text that somebody said in a week, with how often.
said_texts as (

    select
        spoken.occurred_week,
        spoken.person_key,
        texts.text_number,
        count(*) as said_count
    from spoken
    inner join texts
        on spoken.spoken_text = texts.spoken_text
    group by
        spoken.occurred_week,
        spoken.person_key,
        texts.text_number

),

people as (

    select
        person_key,
        row_number() over (order by person_key nulls last) as person_number
    from said_texts
    group by person_key

),

-- One row per week, author and term.
authors as (

    select
        said_texts.occurred_week,
        terms.term_kind_code,
        terms.term_number,
        people.person_number,
        cast(sum(said_texts.said_count) as bigint) as mention_count
    from said_texts
    inner join people
        on said_texts.person_key is not distinct from people.person_key
    inner join text_terms
        on said_texts.text_number = text_terms.text_number
    inner join terms
        on
            text_terms.word_number = terms.word_number
            and text_terms.next_word_number = terms.next_word_number
    group by
        said_texts.occurred_week,
        terms.term_kind_code,
        terms.term_number,
        people.person_number

),

-- The terms that an author said most.
ranked as (

    select
        authors.*,
        row_number() over (
            partition by occurred_week, term_kind_code, person_number
            order by mention_count desc, term_number
        ) as term_rank
    from authors

),

counted as (

    select
        ranked.occurred_week,
        ranked.term_number,
        sum(least(ranked.mention_count, thresholds.term_author_cap_count)) as mention_count,
        count(*) as author_count
    from ranked
    cross join thresholds
    where ranked.term_rank <= thresholds.term_author_term_maximum
    group by
        ranked.occurred_week,
        ranked.term_number

),

shared_terms as (

    select counted.term_number
    from counted
    cross join thresholds
    where counted.author_count >= thresholds.term_author_minimum_count
    group by counted.term_number

),

-- One row per week and term; those of few people make one row a week and kind.
gathered as (

    select
        counted.occurred_week as week_start,
        terms.term_kind_code,
        case when shared_terms.term_number is not null then terms.term_text end as term_text,
        cast(sum(counted.mention_count) as bigint) as mention_count,
        case
            when max(shared_terms.term_number) is not null then max(counted.author_count)
        end as author_count
    from counted
    inner join terms
        on counted.term_number = terms.term_number
    left join shared_terms
        on counted.term_number = shared_terms.term_number
    group by
        counted.occurred_week,
        terms.term_kind_code,
        case when shared_terms.term_number is not null then terms.term_text end

)

select * from gathered
