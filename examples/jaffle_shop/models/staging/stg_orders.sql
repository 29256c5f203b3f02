with

orders as (
    select * from {{ ref('raw_orders') }}
),

final as (
    select
        id as order_id,
        customer_id,
        status as order_status,
        cast(ordered_at as timestamp) as ordered_at,
        cast(updated_at as timestamp) as updated_at
    from orders
)

select * from final
