with

orders as (
    select * from {{ ref('orders') }}
),

final as (
    select
        order_id,
        amount,
        amount_paid
    from orders
    where order_status = 'delivered' and amount <> amount_paid
)

select * from final
