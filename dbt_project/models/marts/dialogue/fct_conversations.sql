with

conversations as (

    select * from {{ ref('int_conversations__summarised') }}

)

select * from conversations
