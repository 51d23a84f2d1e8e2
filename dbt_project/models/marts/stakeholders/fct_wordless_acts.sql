-- What stakeholders did without words of their own: it shows that they are there, and is no
-- act of content. Staff, employees and bots are not in it. What lies before the first week
-- with data is history that a list happens to mention.
with

acts as (

    select
        act_key,
        account_person_key,
        platform_code,
        act_kind_code,
        occurred_at,
        occurred_date
    from {{ ref('int_wordless_acts__unioned') }}

),

accounts as (

    select
        account_person_key,
        person_key
    from {{ ref('bdg_people_accounts') }}

),

people as (

    select person_key
    from {{ ref('dim_people') }}
    where actor_class_code = 'stakeholder'

),

first_day as (

    select min(week_start) as opened_on
    from {{ ref('dim_weeks') }}

),

owned as (

    select
        acts.act_key,
        people.person_key,
        acts.platform_code,
        acts.act_kind_code,
        acts.occurred_at,
        acts.occurred_date
    from acts
    inner join accounts
        on acts.account_person_key = accounts.account_person_key
    inner join people
        on accounts.person_key = people.person_key
    inner join first_day
        on acts.occurred_date >= first_day.opened_on

)

select * from owned
