-- Accounts on two platforms whose handles or names are alike. Nothing is linked by it: a
-- person who knows better writes the line into people_links, or leaves it.
with

accounts as (

    select
        account_person_key,
        platform_code,
        account_handle,
        display_name,
        {{ bare_name('account_handle') }} as bare_handle,
        {{ bare_name('display_name') }} as bare_display_name
    from {{ ref('int_accounts__identified') }}
    where actor_class_code = 'stakeholder'

),

links as (

    select
        account_person_key,
        person_key
    from {{ ref('int_people__linked') }}

),

-- Whom somebody has judged already is not asked about again.
judged as (

    select
        account_person_key,
        max(action_code) as action_code
    from {{ ref('int_identity_decisions__numbered') }}
    where action_code = 'unlink'
    group by account_person_key

),

thresholds as (

    select link_suggestion_minimum_ratio
    from {{ ref('int_thresholds__pivoted') }}

),

open_accounts as (

    select
        accounts.*,
        coalesce(links.person_key, accounts.account_person_key) as person_key
    from accounts
    left join links
        on accounts.account_person_key = links.account_person_key
    left join judged
        on accounts.account_person_key = judged.account_person_key
    where judged.account_person_key is null

),

-- Names that begin alike: comparing everybody with everybody would take for ever.
spelt as (
    {% for column, kind in [('bare_handle', 'handle'), ('bare_display_name', 'name')] %}
    select
        account_person_key,
        '{{ kind }}' as matched_on_code,
        {{ column }} as spelling,
        substr({{ column }}, 1, 4) as beginning
    from open_accounts
    where {{ column }} is not null
    {{ 'union all' if not loop.last }}
    {%- endfor %}

),

alike as (

    select
        one.account_person_key,
        other.account_person_key as other_account_person_key,
        one.matched_on_code,
        {{ name_similarity('one.spelling', 'other.spelling') }} as similarity_ratio
    from spelt as one
    inner join spelt as other
        on
            one.matched_on_code = other.matched_on_code
            and one.beginning = other.beginning

),

paired as (

    select
        {{ surrogate_key(['one.account_person_key', 'other.account_person_key']) }} as suggestion_key,
        one.account_person_key,
        one.platform_code,
        one.account_handle,
        one.display_name,
        other.account_person_key as other_account_person_key,
        other.platform_code as other_platform_code,
        other.account_handle as other_account_handle,
        other.display_name as other_display_name,
        alike.matched_on_code,
        round(alike.similarity_ratio, 4) as similarity_ratio
    from alike
    inner join open_accounts as one
        on alike.account_person_key = one.account_person_key
    inner join open_accounts as other
        on alike.other_account_person_key = other.account_person_key
    cross join thresholds
    where
        one.platform_code < other.platform_code
        and one.person_key <> other.person_key
        and alike.similarity_ratio >= thresholds.link_suggestion_minimum_ratio
    qualify
        row_number() over (
            partition by one.account_person_key, other.account_person_key
            order by alike.similarity_ratio desc, alike.matched_on_code
        ) = 1

)

select * from paired
