{% snapshot order_status_history %}
{{ config(target_schema=target.schema, unique_key='order_id', strategy='check', check_cols=['order_status']) }}

with

orders as (
    select * from {{ ref('stg_orders') }}
),

final as (
    select
        order_id,
        order_status,
        updated_at
    from orders
)

select * from final

{% endsnapshot %}
