-- What employees who take part made for the first time in the reporting week and left
-- standing. The same words put up again after they went are nothing new.
with

pieces as (

    select
        person_key,
        fingerprint_text_key,
        platform_code,
        act_code as kind_code,
        theme_code,
        published_date,
        copy_count
    from {{ ref('int_employee_pieces__fingerprinted') }}
    where
        standing_number = 1
        and withdrawn_at is null
        and published_date between {{ built_week() }} and {{ days_later(built_week(), 6) }}

)

select
    {{ built_week() }} as week_start,
    pieces.person_key,
    pieces.fingerprint_text_key,
    pieces.platform_code,
    pieces.kind_code,
    pieces.theme_code,
    pieces.published_date,
    pieces.copy_count
from pieces
