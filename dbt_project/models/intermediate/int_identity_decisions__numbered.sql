-- What somebody decided about an account, in order; of one day the lower row is later.
with

claims as (

    select * from {{ ref('int_identity_claims__resolved') }}

),

numbered as (

    select
        account_person_key,
        action_code,
        owner_code,
        row_number() over (
            partition by account_person_key
            order by decided_at, source_name, row_number, rule_code
        ) as decision_number
    from claims
    where
        account_person_key is not null
        and row_number is not null

)

select * from numbered
