with

customers as (
    select * from {{ ref('raw_customers') }}
),

final as (
    select
        id as customer_id,
        first_name,
        last_name,
        email,
        cast(signed_up_on as date) as signed_up_on
    from customers
)

select * from final
