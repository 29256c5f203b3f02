{#- dbt's accepted_values. Its arguments stand here, because no way to write them in YAML is right for dbt 1.8 to 2.0. -#}
{% test order_status(model, column_name) %}
  {%- set statuses = ['placed', 'preparing', 'delivered', 'returned', 'cancelled'] -%}
  {{ adapter.dispatch('test_accepted_values', 'dbt')(model, column_name, statuses) }}
{% endtest %}
