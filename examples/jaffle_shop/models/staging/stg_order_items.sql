with

order_items as (
    select * from {{ ref('raw_order_items') }}
),

final as (
    select
        id as order_item_id,
        order_id,
        sku,
        quantity,
        {{ dollars('unit_price_cents') }} as unit_price,
        {{ dollars('quantity * unit_price_cents') }} as amount
    from order_items
)

select * from final
