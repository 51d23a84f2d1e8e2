{{ config(schema='intermediate', contract={'enforced': false}) }}
-- Everything that employees who take part did since they do, in one shape. What they wrote
-- is told by its fingerprint and length. What is gone stays, with the moment that an export
-- first missed it.
with

accounts as (

    select * from {{ ref('int_employee_accounts__linked') }}

),

enrolments as (

    select
        person_key,
        min(employee_code) as employee_code,
        max(enrolled_on) as enrolled_on
    from accounts
    group by person_key

),

gone as (

    select
        platform_code,
        object_id,
        min(gone_at) as gone_at
    from {{ ref('int_objects__gone') }}
    where gone_at < {{ observed_until() }}
    group by
        platform_code,
        object_id

),

posts as (

    select
        post_key,
        platform_code,
        account_key,
        post_id,
        post_text,
        posted_at
    from {{ ref('int_posts__latest') }}

),

styles as (

    select
        post_key,
        theme_code,
        is_reply
    from {{ ref('int_posts__styled') }}

),

turn_themes as (

    select
        interaction_key,
        theme_code
    from {{ ref('int_interaction_themes__matched') }}
    where theme_rank = 1

),

shares as (

    select * from {{ ref('int_employee_shares__gathered') }}

),

turns as (

    select
        accounts.person_key,
        accounts.first_named_at,
        interactions.platform_code,
        case when interactions.is_root then 'create' else 'reply' end as act_code,
        interactions.source_id,
        {{ surrogate_key(['interactions.platform_code', 'interactions.source_id']) }} as interaction_key,
        interactions.occurred_at,
        nullif(concat_ws(' ', interactions.title_text, interactions.body_text), '') as own_text
    from {{ ref('int_turns__recalled') }} as interactions
    inner join accounts
        on
            interactions.platform_code = accounts.platform_code
            and interactions.account_id = accounts.account_id
    where interactions.occurred_at < {{ week_end_at() }}

),

account_keys as (

    select
        person_key,
        first_named_at,
        {{ surrogate_key(['platform_code', 'lower(account_handle)']) }} as account_key
    from accounts
    where account_handle is not null

    union

    select
        person_key,
        first_named_at,
        {{ surrogate_key(['platform_code', 'lower(account_id)']) }} as account_key
    from accounts

),

published as (

    select
        account_keys.person_key,
        account_keys.first_named_at,
        posts.platform_code,
        case
            when posts.platform_code in ('youtube', 'tiktok') then 'video'
            when styles.is_reply then 'reply'
            else 'post'
        end as act_code,
        posts.post_id as source_id,
        posts.posted_at as occurred_at,
        posts.post_text as own_text,
        styles.theme_code
    from posts
    inner join account_keys
        on posts.account_key = account_keys.account_key
    left join styles
        on posts.post_key = styles.post_key
    left join turns
        on
            posts.platform_code = turns.platform_code
            and posts.post_id = turns.source_id
    where turns.source_id is null

),

shared_posts as (

    select
        platform_code,
        {{ id_of_native('platform_code', 'post_id') }} as shared_id,
        min(post_key) as post_key
    from posts
    group by
        platform_code,
        {{ id_of_native('platform_code', 'post_id') }}

),

noted as (

    select
        enrolments.person_key,
        acts.platform_code,
        acts.act_code,
        acts.acted_at as occurred_at,
        acts.content_url
    from {{ ref('stg_programme__employee_acts') }} as acts
    inner join enrolments
        on acts.employee_code = enrolments.employee_code
    where
        acts.act_code <> 'share'
        and acts.acted_at < {{ week_end_at() }}

),

gathered as (

    -- A quote is a share with words of one's own, and no piece beside it.
    select
        turns.person_key,
        turns.platform_code,
        turns.act_code,
        turns.source_id,
        turns.occurred_at,
        turns.own_text,
        turns.first_named_at,
        turn_themes.theme_code,
        cast(null as varchar) as shared_post_key,
        false as has_commentary
    from turns
    left join shares
        on
            turns.platform_code = shares.platform_code
            and turns.source_id = shares.source_id
    left join turn_themes
        on turns.interaction_key = turn_themes.interaction_key
    where shares.source_id is null

    union all

    select
        person_key,
        platform_code,
        act_code,
        source_id,
        occurred_at,
        own_text,
        first_named_at,
        theme_code,
        null as shared_post_key,
        false as has_commentary
    from published

    union all

    select
        shares.person_key,
        shares.platform_code,
        'share' as act_code,
        coalesce(shares.source_id, shares.shared_id, cast(shares.shared_at as varchar)) as source_id,
        shares.shared_at as occurred_at,
        null as own_text,
        null as first_named_at,
        styles.theme_code,
        shared_posts.post_key as shared_post_key,
        shares.has_commentary
    from shares
    left join shared_posts
        on
            shares.platform_code = shared_posts.platform_code
            and shares.shared_id = shared_posts.shared_id
    left join styles
        on shared_posts.post_key = styles.post_key

    union all

    select
        person_key,
        platform_code,
        act_code,
        coalesce(content_url, cast(occurred_at as varchar)) as source_id,
        occurred_at,
        null as own_text,
        null as first_named_at,
        null as theme_code,
        null as shared_post_key,
        false as has_commentary
    from noted

    union all

    -- A reaction bears the id of what it is about: not its own, with which it would be gone.
    select
        accounts.person_key,
        reactions.platform_code,
        'react' as act_code,
        'reaction/' || reactions.reacted_id as source_id,
        reactions.reacted_at as occurred_at,
        null as own_text,
        null as first_named_at,
        null as theme_code,
        null as shared_post_key,
        false as has_commentary
    from {{ ref('int_reactions__unioned') }} as reactions
    inner join accounts
        on
            reactions.platform_code = accounts.platform_code
            and reactions.account_id = accounts.account_id
    where reactions.reacted_at < {{ week_end_at() }}

),

-- Same grain: what is gone is one row.
dated as (

    select
        {{ surrogate_key([
            'gathered.person_key', 'gathered.platform_code', 'gathered.act_code',
            'gathered.source_id', 'gathered.occurred_at',
        ]) }} as act_person_key,
        gathered.person_key,
        gathered.platform_code,
        gathered.act_code,
        gathered.source_id,
        gathered.occurred_at,
        {{ local_date('gathered.occurred_at') }} as occurred_date,
        {{ reporting_week(local_date('gathered.occurred_at')) }} as occurred_week,
        {{ text_fingerprint('gathered.own_text') }} as fingerprint_text_key,
        cast(length(trim({{ without_addresses('gathered.own_text') }})) as bigint) as character_count,
        gathered.theme_code,
        gathered.shared_post_key,
        gathered.has_commentary,
        gathered.first_named_at,
        gone.gone_at
    from gathered
    left join gone
        on
            gathered.platform_code = gone.platform_code
            and gathered.source_id = gone.object_id

)

select dated.*
from dated
inner join enrolments
    on dated.person_key = enrolments.person_key
where dated.occurred_date >= enrolments.enrolled_on
qualify
    row_number() over (
        partition by dated.act_person_key
        order by dated.occurred_at, dated.gone_at nulls last
    ) = 1
