with

customers as (
    select * from {{ ref('stg_customers') }}
),

orders as (
    select * from {{ ref('orders') }}
),

customer_orders as (
    select
        customer_id,
        count(*) as orders_placed,
        sum(case when order_status = 'returned' then 1 else 0 end) as orders_returned,
        min(ordered_on) as first_ordered_on,
        max(ordered_on) as last_ordered_on,
        sum(amount_paid) as lifetime_value
    from orders
    where order_status <> 'cancelled'
    group by customer_id
),

final as (
    select
        customers.customer_id,
        customers.first_name,
        customers.last_name,
        customers.email,
        customers.signed_up_on,
        coalesce(customer_orders.orders_placed, 0) as orders_placed,
        coalesce(customer_orders.orders_returned, 0) as orders_returned,
        customer_orders.first_ordered_on,
        customer_orders.last_ordered_on,
        coalesce(customer_orders.lifetime_value, 0) as lifetime_value
    from customers
    left join customer_orders on customers.customer_id = customer_orders.customer_id
)

select * from final
