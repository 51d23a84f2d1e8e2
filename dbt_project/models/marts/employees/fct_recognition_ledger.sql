-- One award for every five pieces, whatever they achieve, in the order in which exports told
-- of them (ADR 0019). An entry stays, and none is dated before the one above it; what is
-- withdrawn later takes the award back by an entry of its own.
with

pieces as (

    select
        person_key,
        fingerprint_text_key,
        counted_at,
        dated_at,
        ceased_at,
        withdrawn_at
    from {{ ref('int_employee_pieces__dated') }}

),

thresholds as (

    select recognition_piece_count
    from {{ ref('int_thresholds__pivoted') }}

),

changes as (

    select
        person_key,
        fingerprint_text_key,
        counted_at as ordered_at,
        dated_at as changed_at,
        1 as change_count
    from pieces

    union all

    select
        person_key,
        fingerprint_text_key,
        ceased_at as ordered_at,
        withdrawn_at as changed_at,
        -1 as change_count
    from pieces
    where ceased_at is not null

),

numbered as (

    select
        *,
        row_number() over (
            partition by person_key
            order by ordered_at, changed_at, change_count desc, fingerprint_text_key
        ) as change_number
    from changes

),

counted as (

    select
        person_key,
        fingerprint_text_key,
        change_number,
        change_count,
        max(changed_at) over (
            partition by person_key
            order by change_number
            rows between unbounded preceding and current row
        ) as entered_at,
        cast(sum(change_count) over (
            partition by person_key
            order by change_number
            rows between unbounded preceding and current row
        ) as bigint) as piece_count
    from numbered

),

awarded as (

    select
        counted.*,
        cast(floor(counted.piece_count / thresholds.recognition_piece_count) as bigint)
            as award_count,
        cast(floor(
            (counted.piece_count - counted.change_count) / thresholds.recognition_piece_count
        ) as bigint) as previous_award_count
    from counted
    cross join thresholds

),

entered as (

    select
        *,
        greatest(award_count, previous_award_count) as award_number,
        row_number() over (partition by person_key order by change_number) as entry_number
    from awarded
    where award_count <> previous_award_count

),

entries as (

    select
        person_key,
        entry_number,
        {{ local_date('entered_at') }} as entered_on,
        case
            when award_count < previous_award_count then 'reversal'
            when
                row_number() over (
                    partition by person_key, award_number, change_count
                    order by entry_number
                ) > 1
                then 'restoration'
            else 'award'
        end as entry_kind_code,
        award_number,
        award_count,
        piece_count,
        fingerprint_text_key
    from entered

)

select * from entries
