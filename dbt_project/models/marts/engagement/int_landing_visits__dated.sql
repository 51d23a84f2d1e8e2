{{ config(schema='intermediate', contract={'enforced': false}) }}
-- Visits to our site that a tagged link brought, by platform and month. A report covers a
-- range of days; it belongs to the month of its middle day, as a week does to the year of
-- its Thursday. Segments overlap, so only all users count.
with

pages as (

    select
        coalesce(property_name, source_name) as property_name,
        landing_page_url,
        lower({{ extract_pattern('landing_page_url', '[?&]utm_source=([^&#]+)') }}) as utm_source,
        session_count,
        key_event_count,
        period_start,
        period_end,
        {{ day_count_between('period_start', 'period_end') }} + 1 as day_count
    from {{ ref('stg_ga4__landing_pages') }}
    where
        (segment_name is null or segment_name = 'All Users')
        and period_end < {{ days_later(built_week(), 7) }}
        and {{ day_count_between('period_start', 'period_end') }} < 31
    qualify
        row_number() over (
            partition by coalesce(property_name, source_name), landing_page_url, period_start, period_end
            order by exported_at desc, file_sha256 desc, source_name
        ) = 1

),

ranges as (

    select distinct
        property_name,
        period_start,
        period_end,
        day_count
    from pages

),

-- A day that two reports cover counts once: with the longer one, or the earlier of two
-- as long.
covered as (

    select distinct
        ranges.property_name,
        ranges.period_start,
        ranges.period_end
    from ranges
    inner join ranges as others
        on
            ranges.property_name = others.property_name
            and ranges.period_start <= others.period_end
            and ranges.period_end >= others.period_start
            and (
                others.day_count > ranges.day_count
                or (others.day_count = ranges.day_count and others.period_start < ranges.period_start)
            )

),

platforms as (

    select platform_code
    from {{ ref('platforms') }}

),

dated as (

    select
        platforms.platform_code,
        {{ month_start(days_later('pages.period_start', 'floor((pages.day_count - 1) / 2)')) }} as month_start,
        pages.property_name,
        pages.landing_page_url,
        pages.period_start,
        pages.period_end,
        pages.session_count,
        pages.key_event_count
    from pages
    inner join platforms
        on pages.utm_source = platforms.platform_code
    left join covered
        on
            pages.property_name = covered.property_name
            and pages.period_start = covered.period_start
            and pages.period_end = covered.period_end
    where covered.property_name is null

)

select * from dated
