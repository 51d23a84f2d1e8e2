-- Emerging terms that are said in the same texts are one issue, known by the clearest of
-- them. A term follows the clearest one that shares enough of its texts; whoever follows
-- a follower follows whom that one follows.
with recursive

emerging as (

    select
        week_start,
        term_kind_code,
        term_text,
        author_count,
        z_score
    from {{ ref('int_term_weeks__compared') }}
    where is_emerging

),

thresholds as (

    select
        term_overlap_minimum_ratio,
        term_collapse_minimum_ratio
    from {{ ref('int_thresholds__pivoted') }}

),

-- A word that its authors use nearly always within a longer emerging term is shown as
-- part of that one and comes after all others.
longer_terms as (

    select
        words.week_start,
        words.term_text,
        max_by(phrases.term_text, (phrases.author_count, phrases.z_score, phrases.term_text))
            as longer_term_text
    from emerging as words
    cross join thresholds
    inner join emerging as phrases
        on
            words.week_start = phrases.week_start
            and phrases.term_kind_code = 'phrase'
            and words.term_text in (
                split_part(phrases.term_text, ' ', 1), split_part(phrases.term_text, ' ', 2)
            )
    where
        words.term_kind_code = 'word'
        and phrases.author_count
        >= thresholds.term_collapse_minimum_ratio * words.author_count
    group by
        words.week_start,
        words.term_text

),

terms as (

    select
        emerging.week_start,
        emerging.term_kind_code,
        emerging.term_text,
        longer_terms.longer_term_text,
        row_number() over (
            partition by emerging.week_start
            order by
                longer_terms.longer_term_text is not null,
                emerging.z_score desc,
                length(emerging.term_text) desc,
                emerging.term_text
        ) as term_rank
    from emerging
    left join longer_terms
        on
            emerging.week_start = longer_terms.week_start
            and emerging.term_text = longer_terms.term_text

),

found as (

    select
        week_start,
        term_text,
        interaction_key
    from {{ ref('int_emerging_terms__found') }}

),

sizes as (

    select
        week_start,
        term_text,
        count(*) as text_count
    from found
    group by
        week_start,
        term_text

),

shared_texts as (

    select
        one.week_start,
        one.term_text,
        other.term_text as other_term_text,
        count(*) as shared_text_count
    from found as one
    inner join found as other
        on
            one.week_start = other.week_start
            and one.interaction_key = other.interaction_key
    group by
        one.week_start,
        one.term_text,
        other.term_text

),

-- One row per term; the clearest term follows itself.
followed as (

    select
        terms.week_start,
        terms.term_text,
        min(others.term_rank) as followed_rank
    from terms
    cross join thresholds
    inner join sizes
        on
            terms.week_start = sizes.week_start
            and terms.term_text = sizes.term_text
    inner join shared_texts
        on
            terms.week_start = shared_texts.week_start
            and terms.term_text = shared_texts.term_text
    inner join terms as others
        on
            shared_texts.week_start = others.week_start
            and shared_texts.other_term_text = others.term_text
    where
        others.term_rank <= terms.term_rank
        and shared_texts.shared_text_count
        >= thresholds.term_overlap_minimum_ratio * sizes.text_count
    group by
        terms.week_start,
        terms.term_text

),

-- Ranks fall with every step, so every path ends at a term that follows itself.
climbed as (

    select
        week_start,
        term_text,
        followed_rank
    from followed

    union

    select
        climbed.week_start,
        climbed.term_text,
        followed.followed_rank
    from climbed
    inner join terms
        on
            climbed.week_start = terms.week_start
            and climbed.followed_rank = terms.term_rank
    inner join followed
        on
            terms.week_start = followed.week_start
            and terms.term_text = followed.term_text

),

leads as (

    select
        week_start,
        term_text,
        min(followed_rank) as lead_rank
    from climbed
    group by
        week_start,
        term_text

),

grouped as (

    select
        terms.week_start,
        terms.term_kind_code,
        terms.term_text,
        terms.term_rank,
        lead_terms.term_text as lead_term_text,
        terms.longer_term_text
    from terms
    inner join leads
        on
            terms.week_start = leads.week_start
            and terms.term_text = leads.term_text
    inner join terms as lead_terms
        on
            leads.week_start = lead_terms.week_start
            and leads.lead_rank = lead_terms.term_rank

)

select * from grouped
