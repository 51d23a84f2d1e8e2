-- What an award did: acts in the sixty days after it against the sixty days before, beside
-- up to three peers without an award in that time, of the nearest activity before it.
with

awards as (

    select
        person_key,
        award_number,
        entered_on
    from {{ ref('fct_recognition_ledger') }}
    where entry_kind_code = 'award'

),

thresholds as (

    select recognition_effect_days
    from {{ ref('int_thresholds__pivoted') }}

),

employees as (

    select
        person_key,
        max(enrolled_on) as enrolled_on
    from {{ ref('int_employee_accounts__linked') }}
    group by person_key

),

acts as (

    select
        person_key,
        occurred_date
    from {{ ref('int_employee_acts__gathered') }}
    where gone_at is null

),

-- One row per award whose time afterwards is over and employee who took part all along,
-- the rewarded one included.
compared as (

    select
        awards.person_key,
        awards.award_number,
        awards.entered_on,
        thresholds.recognition_effect_days,
        employees.person_key as compared_person_key
    from awards
    cross join thresholds
    inner join employees
        on employees.enrolled_on <= {{ days_earlier('awards.entered_on', 'thresholds.recognition_effect_days') }}
    where {{ days_later('awards.entered_on', 'thresholds.recognition_effect_days') }} <= {{ days_later(built_week(), 6) }}

),

counted as (

    select
        compared.person_key,
        compared.award_number,
        compared.entered_on,
        compared.compared_person_key,
        count(acts.occurred_date) filter (where acts.occurred_date < compared.entered_on) as before_count,
        count(acts.occurred_date) filter (where acts.occurred_date > compared.entered_on) as after_count
    from compared
    left join acts
        on
            compared.compared_person_key = acts.person_key
            and acts.occurred_date between {{ days_earlier('compared.entered_on', 'compared.recognition_effect_days') }}
            and {{ days_later('compared.entered_on', 'compared.recognition_effect_days') }}
    group by
        compared.person_key,
        compared.award_number,
        compared.entered_on,
        compared.compared_person_key

),

rewarded as (

    select * from counted
    where person_key = compared_person_key

),

-- One row per award and matched peer.
peers as (

    select
        counted.person_key,
        counted.award_number,
        counted.before_count,
        counted.after_count
    from counted
    inner join rewarded
        on
            counted.person_key = rewarded.person_key
            and counted.award_number = rewarded.award_number
    cross join thresholds
    left join awards
        on
            counted.compared_person_key = awards.person_key
            and awards.entered_on between {{ days_earlier('counted.entered_on', 'thresholds.recognition_effect_days') }}
            and {{ days_later('counted.entered_on', 'thresholds.recognition_effect_days') }}
    where counted.compared_person_key <> counted.person_key and awards.person_key is null
    qualify
        row_number() over (
            partition by counted.person_key, counted.award_number
            order by abs(counted.before_count - rewarded.before_count), counted.compared_person_key
        ) <= 3

),

peer_sums as (

    select
        person_key,
        award_number,
        count(*) as peer_count,
        cast(sum(before_count) as bigint) as peer_before_count,
        cast(sum(after_count) as bigint) as peer_after_count
    from peers
    group by
        person_key,
        award_number

),

effects as (

    select
        rewarded.person_key,
        rewarded.award_number,
        rewarded.entered_on,
        rewarded.before_count,
        rewarded.after_count,
        {{ safe_ratio('rewarded.after_count', 'rewarded.before_count') }} as activity_quotient,
        coalesce(peer_sums.peer_count, 0) as peer_count,
        peer_sums.peer_before_count,
        peer_sums.peer_after_count,
        {{ safe_ratio('peer_sums.peer_after_count', 'peer_sums.peer_before_count') }}
            as peer_activity_quotient
    from rewarded
    left join peer_sums
        on
            rewarded.person_key = peer_sums.person_key
            and rewarded.award_number = peer_sums.award_number

)

select * from effects
