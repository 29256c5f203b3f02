{{ config(materialized='incremental', unique_key='order_id') }}

with

orders as (
    select * from {{ ref('stg_orders') }}
),

order_items as (
    select * from {{ ref('stg_order_items') }}
),

order_payments as (
    select * from {{ ref('order_payments') }}
),

changed_orders as (
    select
        order_id,
        customer_id,
        order_status,
        ordered_at,
        updated_at
    from orders
    {% if is_incremental() %}
    where updated_at > (select coalesce(max(updated_at), cast('1970-01-01' as timestamp)) from {{ this }})
    {% endif %}
),

item_totals as (
    select
        order_id,
        sum(quantity) as items,
        sum(amount) as amount
    from order_items
    group by order_id
),

final as (
    select
        changed_orders.order_id,
        changed_orders.customer_id,
        changed_orders.order_status,
        changed_orders.ordered_at,
        cast(changed_orders.ordered_at as date) as ordered_on,
        item_totals.items,
        cast(item_totals.amount as numeric(16, 2)) as amount,
        cast(coalesce(order_payments.amount_paid, 0) as numeric(16, 2)) as amount_paid,
        cast(coalesce(order_payments.amount_refunded, 0) as numeric(16, 2)) as amount_refunded,
        changed_orders.updated_at
    from changed_orders
    inner join item_totals on changed_orders.order_id = item_totals.order_id
    left join order_payments on changed_orders.order_id = order_payments.order_id
)

select * from final
