{{ config(materialized='view') }}
-- What people are called. A name of several words, and one with digits or underscores, is
-- a name wherever it stands; a single word may be an ordinary word as well (there are
-- people called Page and accounts called login), which how it is written in the texts
-- decides.
with

accounts as (

    select
        display_name,
        account_handle
    from {{ ref('int_accounts__identified') }}
    where actor_class_code <> 'org'

),

roster as (

    select display_name
    from {{ ref('stg_programme__employee_roster') }}

),

names as (

    select display_name as name_text
    from accounts

    union

    select split_part(account_handle, '@', 1) as name_text
    from accounts

    union

    select display_name as name_text
    from roster

),

spoken as (

    select lower({{ spoken_words('name_text') }}) as name_text
    from names
    where name_text is not null

),

split as (

    {{ split_to_rows('spoken', ['name_text'], 'name_text', ' ', 'word') }}

),

listed as (

    select
        name_text as word,
        name_text like '% %' or name_text <> translate(name_text, '0123456789_', '') as is_certain
    from spoken

    union

    select
        word,
        false as is_certain
    from split
    where name_text like '% %'

)

select
    word,
    bool_or(is_certain) as is_certain
from listed
where length(word) >= 3
group by word
