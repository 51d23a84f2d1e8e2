-- One award for every five pieces, whatever they achieve. An entry stays; what is
-- withdrawn later takes the award back by an entry of its own.
with

pieces as (

    select
        person_key,
        fingerprint_text_key,
        published_at,
        withdrawn_at
    from {{ ref('int_employee_pieces__fingerprinted') }}

),

thresholds as (

    select recognition_piece_count
    from {{ ref('int_thresholds__pivoted') }}

),

changes as (

    select
        person_key,
        fingerprint_text_key,
        published_at as changed_at,
        1 as change_count
    from pieces

    union all

    select
        person_key,
        fingerprint_text_key,
        withdrawn_at as changed_at,
        -1 as change_count
    from pieces
    where withdrawn_at < {{ observed_until() }}

),

counted as (

    select
        *,
        cast(sum(change_count) over (
            partition by person_key
            order by changed_at, change_count desc, fingerprint_text_key
            rows between unbounded preceding and current row
        ) as bigint) as piece_count
    from changes

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

numbered as (

    select
        *,
        greatest(award_count, previous_award_count) as award_number,
        row_number() over (
            partition by person_key
            order by changed_at, change_count desc, fingerprint_text_key
        ) as entry_number
    from awarded
    where award_count <> previous_award_count

),

entries as (

    select
        person_key,
        entry_number,
        {{ local_date('changed_at') }} as entered_on,
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
    from numbered

)

select * from entries
