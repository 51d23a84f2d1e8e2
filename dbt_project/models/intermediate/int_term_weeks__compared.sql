-- Each term of a week against the weeks before it: log-odds with an informative
-- Dirichlet prior. The prior is the term's share of both bodies of texts together, so a
-- term that nobody used before is compared with its own rarity and not with nothing.
with

terms as (

    select * from {{ ref('int_term_weeks__counted') }}

),

baselines as (

    select
        week_start,
        evidence_code
    from {{ ref('int_term_baselines__summed') }}

),

withheld_terms as (

    select
        week_start,
        term_kind_code,
        term_text
    from {{ ref('int_withheld_terms__found') }}

),

thresholds as (

    select
        term_baseline_weeks,
        term_author_minimum_count,
        term_prior_ratio,
        term_minimum_score,
        term_minimum_lift
    from {{ ref('int_thresholds__pivoted') }}

),

totals as (

    select
        week_start,
        term_kind_code,
        cast(sum(mention_count) as bigint) as mention_count
    from terms
    group by
        week_start,
        term_kind_code

),

-- One row per week and kind: all that was said in it and in the weeks before.
spans as (

    select
        baselines.week_start,
        baselines.evidence_code,
        totals.term_kind_code,
        totals.mention_count as all_mention_count,
        cast(coalesce(sum(earlier.mention_count), 0) as bigint) as baseline_all_mention_count
    from baselines
    cross join thresholds
    inner join totals
        on baselines.week_start = totals.week_start
    left join totals as earlier
        on
            totals.term_kind_code = earlier.term_kind_code
            and earlier.week_start < baselines.week_start
            and earlier.week_start >= {{ days_earlier('baselines.week_start', 'thresholds.term_baseline_weeks * 7') }}
    group by
        baselines.week_start,
        baselines.evidence_code,
        totals.term_kind_code,
        totals.mention_count

),

-- Terms of few people and names of people go no further than this.
published as (

    select terms.*
    from terms
    cross join thresholds
    left join withheld_terms
        on
            terms.week_start = withheld_terms.week_start
            and terms.term_kind_code = withheld_terms.term_kind_code
            and terms.term_text = withheld_terms.term_text
    where
        terms.author_count >= thresholds.term_author_minimum_count
        and withheld_terms.term_text is null

),

-- One row per week, kind and term.
counted as (

    select
        published.week_start,
        published.term_kind_code,
        published.term_text,
        max(published.mention_count) as mention_count,
        max(published.author_count) as author_count,
        max(spans.all_mention_count) as all_mention_count,
        cast(coalesce(sum(earlier.mention_count), 0) as bigint) as baseline_mention_count,
        max(spans.baseline_all_mention_count) as baseline_all_mention_count,
        max(spans.evidence_code) as evidence_code
    from published
    cross join thresholds
    inner join spans
        on
            published.week_start = spans.week_start
            and published.term_kind_code = spans.term_kind_code
    left join terms as earlier
        on
            published.term_kind_code = earlier.term_kind_code
            and published.term_text = earlier.term_text
            and earlier.week_start < published.week_start
            and earlier.week_start >= {{ days_earlier('published.week_start', 'thresholds.term_baseline_weeks * 7') }}
    group by
        published.week_start,
        published.term_kind_code,
        published.term_text

),

expected as (

    select
        counted.*,
        thresholds.term_prior_ratio * counted.all_mention_count as prior_total,
        thresholds.term_prior_ratio * counted.all_mention_count
        * (counted.mention_count + counted.baseline_mention_count)
        / (counted.all_mention_count + counted.baseline_all_mention_count) as prior_count
    from counted
    cross join thresholds

),

compared as (

    select
        expected.*,
        {{ log_odds('mention_count', 'all_mention_count', 'prior_count', 'prior_total') }}
        - {{ log_odds('baseline_mention_count', 'baseline_all_mention_count', 'prior_count', 'prior_total') }}
            as log_odds,
        sqrt(1 / (mention_count + prior_count) + 1 / (baseline_mention_count + prior_count))
            as standard_error,
        -- Null where nobody used the term before: it is new.
        cast(mention_count as double) * baseline_all_mention_count
        / nullif(cast(baseline_mention_count as double) * all_mention_count, 0) as lift_ratio
    from expected

),

judged as (

    select
        compared.week_start,
        compared.term_kind_code,
        compared.term_text,
        compared.mention_count,
        compared.author_count,
        compared.all_mention_count,
        compared.baseline_mention_count,
        compared.baseline_all_mention_count,
        round(compared.lift_ratio, 4) as lift_ratio,
        case when compared.evidence_code = 'enough' then round(compared.log_odds, 6) end
            as log_odds,
        case
            when compared.evidence_code = 'enough'
                then round(compared.log_odds / compared.standard_error, 4)
        end as z_score,
        compared.evidence_code = 'enough'
        and compared.log_odds / compared.standard_error >= thresholds.term_minimum_score
        and coalesce(compared.lift_ratio >= thresholds.term_minimum_lift, true)
            as is_emerging
    from compared
    cross join thresholds

)

select * from judged
