{#- The break is what a renamed column looks like: the SQL reads well, and the warehouse refuses it. -#}
{%- set amount = 'net_amount' if var('shop_break') else 'amount_paid' -%}

with

orders as (
    select * from {{ ref('orders') }}
),

final as (
    select
        ordered_on as revenue_on,
        count(*) as orders_placed,
        count(distinct customer_id) as customers,
        sum({{ amount }}) as revenue
    from orders
    where order_status <> 'cancelled'
    group by ordered_on
)

select * from final
