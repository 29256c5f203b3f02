with

daily_revenue as (
    select * from {{ ref('daily_revenue') }}
),

final as (
    select
        cast(date_trunc('month', revenue_on) as date) as revenue_month,
        count(*) as days_with_orders,
        sum(orders_placed) as orders_placed,
        sum(revenue) as revenue
    from daily_revenue
    group by cast(date_trunc('month', revenue_on) as date)
)

select * from final
