-- How often each word, pair of neighbouring words and hashtag was said in each week. A
-- text says a term once, and an author counts a few times a week at most, with so many
-- different terms: whoever posts ten thousand random words must not make all others rare.
-- Terms that never reach enough authors stand together in one row a week without a term.
with

texts as (

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

said as (

    {{ words_and_pairs('texts', ['occurred_week', 'person_key'], 'spoken_text') }}

),

-- One row per text and different term of it.
terms as (

    select
        said.occurred_week,
        said.person_key,
        case
            when said.word like '#%' then 'hashtag'
            when said.next_word is null then 'word'
            else 'phrase'
        end as term_kind_code,
        concat_ws(' ', said.word, said.next_word) as term_text
    from said
    left join stop_words
        on said.word = stop_words.word
    left join stop_words as next_stop_words
        on said.next_word = next_stop_words.word
    where
        stop_words.word is null
        and next_stop_words.word is null
        and (
            ({{ is_term_word('said.word') }} and (said.next_word is null or {{ is_term_word('said.next_word') }}))
            or ({{ is_hashtag('said.word') }} and said.next_word is null)
        )

),

authors as (

    select
        occurred_week,
        term_kind_code,
        term_text,
        person_key,
        count(*) as mention_count
    from terms
    group by
        occurred_week,
        term_kind_code,
        term_text,
        person_key

),

-- The terms that an author said most.
ranked as (

    select
        *,
        row_number() over (
            partition by occurred_week, term_kind_code, person_key
            order by mention_count desc, {{ hash_of('term_text') }}, term_text
        ) as term_rank
    from authors

),

counted as (

    select
        authors.occurred_week,
        authors.term_kind_code,
        authors.term_text,
        sum(least(authors.mention_count, thresholds.term_author_cap_count)) as mention_count,
        count(*) as author_count
    from ranked as authors
    cross join thresholds
    where authors.term_rank <= thresholds.term_author_term_maximum
    group by
        authors.occurred_week,
        authors.term_kind_code,
        authors.term_text

),

shared_terms as (

    select
        counted.term_kind_code,
        counted.term_text
    from counted
    cross join thresholds
    where counted.author_count >= thresholds.term_author_minimum_count
    group by
        counted.term_kind_code,
        counted.term_text

),

-- One row per week and term; those of few people make one row a week and kind.
gathered as (

    select
        counted.occurred_week as week_start,
        counted.term_kind_code,
        shared_terms.term_text,
        cast(sum(counted.mention_count) as bigint) as mention_count,
        case
            when shared_terms.term_text is not null then max(counted.author_count)
        end as author_count
    from counted
    left join shared_terms
        on
            counted.term_kind_code = shared_terms.term_kind_code
            and counted.term_text = shared_terms.term_text
    group by
        counted.occurred_week,
        counted.term_kind_code,
        shared_terms.term_text

)

select * from gathered
