{#- dbt's relationships; see order_status.sql. -#}
{% test customer_key(model, column_name) %}
  {{ adapter.dispatch('test_relationships', 'dbt')(model, column_name, ref('stg_customers'), 'customer_id') }}
{% endtest %}
