-- What an employee who takes part sees of the own half-year so far. Of the ranking only
-- the first places are told: nobody is shown a place to be ashamed of.
with

zones as (

    select
        *,
        {{ halfyear_start('week_start') }} as period_start,
        least({{ halfyear_end('week_start') }}, {{ days_later('week_start', 6) }}) as counted_until
    from {{ ref('fct_employee_zones') }}
    where week_start = {{ built_week() }}

),

thresholds as (

    select
        recognition_piece_count,
        sharer_share_minimum_count,
        creator_piece_minimum_count,
        creator_month_minimum_count,
        engaged_week_minimum_count,
        engaged_exchange_minimum_count
    from {{ ref('int_thresholds__pivoted') }}

),

recognition as (

    select * from {{ ref('agg_halfyear_recognition') }}

),

pieces as (

    select
        zones.person_key,
        count(
            case when pieces.published_date between zones.period_start and zones.counted_until then 1 end
        ) as halfyear_piece_count
    from zones
    inner join {{ ref('int_employee_pieces__fingerprinted') }} as pieces
        on zones.person_key = pieces.person_key
    where pieces.withdrawn_at is null
    group by zones.person_key

),

counted_pieces as (

    select
        person_key,
        count(*) as counted_piece_count
    from {{ ref('int_employee_pieces__dated') }}
    where ceased_at is null
    group by person_key

),

-- An entry moves the number of awards by one.
awards as (

    select
        zones.person_key,
        sum(case when ledger.entry_kind_code = 'reversal' then -1 else 1 end) as award_count,
        sum(case
            when ledger.entered_on not between zones.period_start and zones.counted_until then 0
            when ledger.entry_kind_code = 'reversal' then -1
            else 1
        end) as halfyear_award_count
    from zones
    inner join {{ ref('fct_recognition_ledger') }} as ledger
        on zones.person_key = ledger.person_key
    group by zones.person_key

),

shares as (

    select
        zones.person_key,
        count(*) as halfyear_share_count,
        count(case when shares.has_commentary then 1 end) as halfyear_commented_share_count
    from zones
    inner join {{ ref('fct_employee_shares') }} as shares
        on
            zones.person_key = shares.person_key
            and {{ local_date('shares.occurred_at') }} between zones.period_start and zones.counted_until
    group by zones.person_key

),

-- Same grain: each join finds at most one row. What the next zone does not ask for is
-- null, what it asks for and has is zero.
measured as (

    select
        zones.*,
        recognition.is_frozen,
        recognition.rank_number,
        recognition.is_recognised,
        recognition.impact_points,
        recognition.lead_count as halfyear_lead_count,
        recognition.download_count as halfyear_download_count,
        recognition.conversation_count as halfyear_conversation_count,
        coalesce(counted_pieces.counted_piece_count, 0) as counted_piece_count,
        coalesce(pieces.halfyear_piece_count, 0) as halfyear_piece_count,
        coalesce(awards.award_count, 0) as award_count,
        coalesce(awards.halfyear_award_count, 0) as halfyear_award_count,
        coalesce(shares.halfyear_share_count, 0) as halfyear_share_count,
        coalesce(shares.halfyear_commented_share_count, 0) as halfyear_commented_share_count,
        thresholds.recognition_piece_count,
        case
            when zones.is_dormant then 'consumer'
            when zones.zone_code = 'consumer' then 'sharer'
            when zones.zone_code = 'sharer' then 'creator'
            when zones.zone_code = 'creator' then 'socially_engaged'
        end as next_zone_code,
        case
            when zones.zone_code in ('consumer', 'creator')
                then greatest(thresholds.sharer_share_minimum_count - zones.share_count, 0)
        end as missing_share_count,
        {%- for limit, counted, missing, zone in [
            ('creator_piece_minimum_count', 'piece_count', 'missing_piece_count', 'sharer'),
            ('creator_month_minimum_count', 'piece_month_count', 'missing_piece_month_count', 'sharer'),
            ('engaged_week_minimum_count', 'active_week_count', 'missing_active_week_count', 'creator'),
            ('engaged_exchange_minimum_count', 'exchange_count', 'missing_exchange_count', 'creator'),
        ] %}
        case
            when zones.zone_code = '{{ zone }}'
                then greatest(thresholds.{{ limit }} - zones.{{ counted }}, 0)
        end as {{ missing }},
        {%- endfor %}
        case
            when zones.zone_code = 'creator' and zones.network_growth_count is null
                then 'network_reading'
            when zones.zone_code = 'creator' and zones.network_growth_count <= 0
                then 'network_growth'
        end as missing_network_code,
        case
            when zones.zone_code = 'creator' and zones.lead_count is null
                then 'result_source'
            when
                zones.zone_code = 'creator'
                and zones.lead_count + zones.download_count + zones.conversation_count = 0
                then 'result'
        end as missing_result_code
    from zones
    cross join thresholds
    left join recognition
        on
            zones.person_key = recognition.person_key
            and zones.period_start = recognition.period_start
    left join pieces
        on zones.person_key = pieces.person_key
    left join counted_pieces
        on zones.person_key = counted_pieces.person_key
    left join awards
        on zones.person_key = awards.person_key
    left join shares
        on zones.person_key = shares.person_key

)

select
    week_start,
    person_key,
    period_start,
    counted_until,
    halfyear_piece_count,
    cast(halfyear_award_count as bigint) as halfyear_award_count,
    cast(award_count as bigint) as award_count,
    cast(recognition_piece_count - counted_piece_count % recognition_piece_count as bigint)
        as next_award_piece_count,
    halfyear_share_count,
    halfyear_commented_share_count,
    -- Whoever joined after a half-year that ended within the week has none in it.
    coalesce(halfyear_lead_count, 0) as halfyear_lead_count,
    coalesce(halfyear_download_count, 0) as halfyear_download_count,
    coalesce(halfyear_conversation_count, 0) as halfyear_conversation_count,
    coalesce(impact_points, 0) as impact_points,
    case when is_recognised then rank_number end as rank_number,
    coalesce(is_frozen, false) as is_frozen,
    network_count,
    network_growth_count,
    zone_code,
    sub_step_code,
    is_dormant,
    is_capped,
    next_zone_code,
    missing_share_count,
    missing_piece_count,
    missing_piece_month_count,
    missing_active_week_count,
    missing_exchange_count,
    missing_network_code,
    missing_result_code
from measured
