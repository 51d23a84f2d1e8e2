{{ config(schema='intermediate', contract={'enforced': false}) }}
-- Whom may we approach, and how well would they hear us? As of the end of each week, for
-- everybody who named a theme in the weeks before.
with

thresholds as (

    select
        suggestion_interest_weeks,
        suggestion_newcomer_days,
        suggestion_contact_days,
        suggestion_due_days,
        sentiment_text_minimum_count,
        negative_compound_score,
        exchange_reach_ratio,
        platform_reach_ratio
    from {{ ref('int_thresholds__pivoted') }}

),

weeks as (

    select
        week_start,
        max(closed_on) as closed_on
    from {{ ref('int_suggestion_themes__dated') }}
    group by week_start

),

-- One row per week and person with a vector.
candidates as (

    select
        topics.week_start,
        weeks.closed_on,
        topics.person_key
    from {{ ref('int_person_topics__weighed') }} as topics
    inner join weeks
        on topics.week_start = weeks.week_start
    group by
        topics.week_start,
        weeks.closed_on,
        topics.person_key

),

interactions as (

    select
        person_key,
        parent_person_key,
        platform_code,
        actor_class_code in ('org', 'employee') as is_ours,
        coalesce(parent_class_code in ('org', 'employee'), false) as answers_us,
        coalesce(is_own_ground, false) as is_own_ground,
        compound_score,
        occurred_date,
        occurred_week
    from {{ ref('int_interactions__classified') }}
    where occurred_at < {{ observed_until() }}

),

candidate_people as (

    select person_key
    from candidates
    group by person_key

),

-- One row per candidate, platform and week.
acts as (

    select
        interactions.person_key,
        interactions.platform_code,
        interactions.occurred_week,
        min(case when interactions.is_own_ground then interactions.occurred_date end) as own_ground_on,
        bool_or(interactions.answers_us) as has_answered_us,
        count(interactions.compound_score) as scored_count,
        sum(cast(round(interactions.compound_score * 10000) as bigint)) as compound_sum
    from interactions
    inner join candidate_people
        on interactions.person_key = candidate_people.person_key
    where not interactions.is_ours
    group by
        interactions.person_key,
        interactions.platform_code,
        interactions.occurred_week

),

-- One row per person and week in which one side answered the other.
exchanges as (

    select
        interactions.parent_person_key as person_key,
        interactions.occurred_week
    from interactions
    inner join candidate_people
        on interactions.parent_person_key = candidate_people.person_key
    where interactions.is_ours

    union

    select
        person_key,
        occurred_week
    from acts
    where has_answered_us

),

joined as (

    select
        person_key,
        min(own_ground_on) as joined_on
    from acts
    group by person_key

),

-- One row per week and candidate: where and in which tone they wrote lately.
heard as (

    select
        candidates.week_start,
        candidates.person_key,
        bool_or(reach.platform_code is not null) as is_on_our_platforms,
        sum(acts.scored_count) as scored_count,
        sum(acts.compound_sum) as compound_sum
    from candidates
    cross join thresholds
    inner join acts
        on
            candidates.person_key = acts.person_key
            and acts.occurred_week <= candidates.week_start
            and acts.occurred_week
            > {{ days_later('candidates.week_start', '-7 * thresholds.suggestion_interest_weeks') }}
    left join {{ ref('int_platform_reach__judged') }} as reach
        on
            candidates.week_start = reach.week_start
            and acts.platform_code = reach.platform_code
    group by
        candidates.week_start,
        candidates.person_key

),

exchanged as (

    select
        candidates.week_start,
        candidates.person_key,
        max(exchanges.occurred_week) as exchanged_week
    from candidates
    inner join exchanges
        on
            candidates.person_key = exchanges.person_key
            and exchanges.occurred_week <= candidates.week_start
    group by
        candidates.week_start,
        candidates.person_key

),

-- One row per week and candidate who is in our log. Who asked to be left alone is on no list
-- that is printed from now on, however late the week is built; an older list keeps whom it
-- named until its due day, so that answers to it are still judged by what was asked. A
-- contact after the week may be what the list asked for.
logged as (

    select
        candidates.week_start,
        candidates.person_key,
        max(case when outreach.entry_kind_code <> 'opt_out' then outreach.contacted_date end)
            as last_contacted_on,
        bool_or(outreach.entry_kind_code = 'opt_out') as has_opted_out
    from candidates
    cross join thresholds
    inner join {{ ref('int_outreach__identified') }} as outreach
        on
            candidates.person_key = outreach.person_key
            and (
                outreach.contacted_date <= candidates.closed_on
                or outreach.entry_kind_code = 'opt_out'
                and (
                    candidates.week_start = {{ built_week() }}
                    or outreach.contacted_date
                    <= {{ days_later('candidates.closed_on', 'thresholds.suggestion_due_days') }}
                )
            )
    group by
        candidates.week_start,
        candidates.person_key

),

judged as (

    select
        candidates.week_start,
        candidates.person_key,
        people.actor_class_code,
        logged.last_contacted_on,
        coalesce(logged.has_opted_out, false) as has_opted_out,
        coalesce(
            logged.last_contacted_on
            > {{ days_later('candidates.closed_on', '-1 * thresholds.suggestion_contact_days') }},
            false
        ) as is_contacted,
        heard.scored_count,
        case
            when heard.scored_count >= thresholds.sentiment_text_minimum_count
                then round({{ safe_ratio('heard.compound_sum', 'heard.scored_count') }} / 10000, 9)
        end as mean_compound_score,
        exchanged.exchanged_week,
        coalesce(
            joined.joined_on > {{ days_later('candidates.closed_on', '-1 * thresholds.suggestion_newcomer_days') }},
            true
        )
        and exchanged.exchanged_week is null
        and logged.last_contacted_on is null as is_new,
        case
            when
                exchanged.exchanged_week
                > {{ days_later('candidates.week_start', '-7 * thresholds.suggestion_interest_weeks') }}
                then thresholds.exchange_reach_ratio
            when heard.is_on_our_platforms then thresholds.platform_reach_ratio
            else 0
        end as reach_ratio,
        thresholds.negative_compound_score
    from candidates
    cross join thresholds
    left join {{ ref('dim_people') }} as people
        on candidates.person_key = people.person_key
    left join joined
        on candidates.person_key = joined.person_key
    left join heard
        on
            candidates.week_start = heard.week_start
            and candidates.person_key = heard.person_key
    left join exchanged
        on
            candidates.week_start = exchanged.week_start
            and candidates.person_key = exchanged.person_key
    left join logged
        on
            candidates.week_start = logged.week_start
            and candidates.person_key = logged.person_key

)

select
    week_start,
    person_key,
    actor_class_code,
    last_contacted_on,
    has_opted_out,
    is_contacted,
    scored_count,
    mean_compound_score,
    coalesce(mean_compound_score <= negative_compound_score, false) as is_negative,
    exchanged_week,
    is_new,
    reach_ratio
from judged
