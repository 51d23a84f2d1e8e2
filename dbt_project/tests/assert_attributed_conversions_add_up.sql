-- Parts that employees share are parts of leads that the CRM holds: nothing is counted
-- twice or lost.
with

attributed as (

    select
        conversion_key,
        sum(credit_count) as credit_count
    from {{ ref('int_conversions__attributed') }}
    group by conversion_key

)

select
    conversions.conversion_key,
    attributed.credit_count
from {{ ref('fct_conversions') }} as conversions
full outer join attributed
    on conversions.conversion_key = attributed.conversion_key
where abs(coalesce(attributed.credit_count, 0) - 1) > 0.000001 or conversions.conversion_key is null
