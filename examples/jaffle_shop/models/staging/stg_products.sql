with

products as (
    select * from {{ ref('raw_products') }}
),

final as (
    select
        sku,
        name as product_name,
        category,
        {{ dollars('price_cents') }} as price,
        {{ dollars('cost_cents') }} as cost
    from products
)

select * from final
