with

payments as (
    select * from {{ ref('stg_payments') }}
),

final as (
    select
        order_id,
        sum(case when payment_status = 'captured' then amount else 0 end) as amount_paid,
        sum(case when payment_status = 'refunded' then amount else 0 end) as amount_refunded,
        sum(case when payment_status = 'failed' then 1 else 0 end) as failed_attempts
    from payments
    group by order_id
)

select * from final
