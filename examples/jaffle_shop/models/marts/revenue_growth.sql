{{ config(materialized='view') }}

with

monthly_revenue as (
    select * from {{ ref('monthly_revenue') }}
),

with_previous_month as (
    select
        revenue_month,
        revenue,
        lag(revenue) over (order by revenue_month) as previous_revenue
    from monthly_revenue
),

final as (
    select
        revenue_month,
        revenue,
        previous_revenue,
        cast(100.0 * (revenue - previous_revenue) / nullif(previous_revenue, 0) as numeric(16, 1)) as growth_percent
    from with_previous_month
)

select * from final
