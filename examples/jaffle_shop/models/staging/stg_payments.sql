with

payments as (
    select * from {{ ref('raw_payments') }}
),

final as (
    select
        id as payment_id,
        order_id,
        method as payment_method,
        status as payment_status,
        {{ dollars('amount_cents') }} as amount,
        cast(created_at as timestamp) as paid_at
    from payments
)

select * from final
