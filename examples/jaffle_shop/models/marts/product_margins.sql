with

products as (
    select * from {{ ref('stg_products') }}
),

order_items as (
    select * from {{ ref('stg_order_items') }}
),

orders as (
    select * from {{ ref('orders') }}
),

sold_items as (
    select
        order_items.sku,
        sum(order_items.quantity) as units_sold,
        sum(order_items.amount) as revenue
    from order_items
    inner join orders on order_items.order_id = orders.order_id
    where orders.order_status not in ('cancelled', 'returned')
    group by order_items.sku
),

final as (
    select
        products.sku,
        products.product_name,
        products.category,
        coalesce(sold_items.units_sold, 0) as units_sold,
        coalesce(sold_items.revenue, 0) as revenue,
        coalesce(sold_items.revenue - sold_items.units_sold * products.cost, 0) as margin
    from products
    left join sold_items on products.sku = sold_items.sku
)

select * from final
