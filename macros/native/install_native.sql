{#- Runs, or with dry_run prints, the statements of native_statements(). -#}
{% macro install_native(dbt_project, warehouse=none, task=none, schedule=none, dbt_command='build', dry_run=false) %}
  {%- set statements = adapter.dispatch('native_statements', 'exec_logger')(dbt_project, warehouse, task, schedule, dbt_command) -%}
  {%- for statement_ in statements -%}
    {%- if dry_run -%}
      {%- do print(statement_ ~ (';\n' if not statement_.startswith('--') else '')) -%}
    {%- elif not statement_.startswith('--') -%}
      {%- do run_query(statement_) -%}
    {%- endif -%}
  {%- endfor -%}
{% endmacro %}

{% macro default__native_statements() %}
  {% do exceptions.raise_compiler_error(
    "exec_logger: only Snowflake runs dbt inside the warehouse, and the target '" ~ target.name ~ "' is of the type " ~ adapter.type()
    ~ ". Elsewhere, run `execlog restart`.") %}
{% endmacro %}
