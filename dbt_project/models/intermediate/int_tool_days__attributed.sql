-- Days of profiles as a publishing tool counts them, its stock of followers among them. A
-- profile goes by handle or name; only where a source holds a single one of a platform is it
-- the account that the source is declared for.
with

profile_days as (

    select
        *,
        {{ network_platform('network_name') }} as platform_code
    from {{ ref('stg_sprout__profile_days') }}
    where activity_date < {{ days_later(built_week(), 7) }}

),

accounts as (

    select
        account_key,
        platform_code,
        lower(ltrim(account_handle, '@')) as account_handle,
        lower(account_name) as account_name,
        source_name
    from {{ ref('int_accounts__declared') }}
    where platform_kind_code = 'channel'

),

{% for relation, name in [
    ('handles', 'account_handle'), ('names', 'account_name'), ('sources', 'source_name'),
] -%}
{{ relation }} as (

    select
        platform_code,
        {{ name }},
        min(account_key) as account_key
    from accounts
    where {{ name }} is not null
    group by
        platform_code,
        {{ name }}

),

{% endfor -%}
profiles as (

    select
        platform_code,
        source_name,
        profile_name,
        lower(ltrim(profile_name, '@')) as handle,
        count(*) over (partition by platform_code, source_name) as profile_count
    from profile_days
    where platform_code is not null
    group by
        platform_code,
        source_name,
        profile_name

),

-- Same grain: each join finds at most one account.
known as (

    select
        profiles.platform_code,
        profiles.source_name,
        profiles.profile_name,
        coalesce(
            handles.account_key,
            names.account_key,
            sources.account_key,
            {{ surrogate_key(['profiles.platform_code', 'profiles.handle']) }}
        ) as account_key
    from profiles
    left join handles
        on
            profiles.platform_code = handles.platform_code
            and profiles.handle = handles.account_handle
    left join names
        on
            profiles.platform_code = names.platform_code
            and lower(profiles.profile_name) = names.account_name
    left join sources
        on
            profiles.platform_code = sources.platform_code
            and profiles.source_name = sources.source_name
            and profiles.profile_count = 1

),

attributed as (

    select
        known.account_key,
        days.platform_code,
        days.source_name,
        days.profile_name,
        days.activity_date,
        days.follower_count,
        days.gained_count,
        days.lost_count,
        days.impression_count,
        days.comment_count,
        days.share_count,
        days.reaction_count,
        days.save_count,
        days.click_count,
        days.post_count,
        days.exported_at,
        days.file_sha256
    from profile_days as days
    inner join known
        on
            days.platform_code = known.platform_code
            and days.source_name = known.source_name
            and days.profile_name = known.profile_name
    qualify
        row_number() over (
            partition by known.account_key, days.activity_date
            order by days.exported_at desc, days.file_sha256 desc, days.profile_name
        ) = 1

)

select * from attributed
