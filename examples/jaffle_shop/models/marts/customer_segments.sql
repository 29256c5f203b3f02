{{ config(materialized='view') }}

with

customers as (
    select * from {{ ref('customers') }}
),

final as (
    select
        customer_id,
        lifetime_value,
        case
            when orders_placed = 0 then 'prospect'
            when lifetime_value >= 100 then 'loyal'
            when orders_placed > 1 then 'returning'
            else 'new'
        end as segment
    from customers
)

select * from final
