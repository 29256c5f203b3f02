{#- At the start of a run: creates schema and table where they are missing, in one statement. Whether that worked shows in the first
    write, so a missing privilege on a table that exists already is no problem. Returns SQL for the hook to run, or nothing where it
    has been run. -#}
{% macro create_log_table() %}
  {%- set state = exec_logger.run_state() -%}
  {%- set statements = exec_logger.create_statements(state.relation, state.columns) -%}
  {%- if exec_logger.in_planned_schema(state) -%}
    {#- dbt has just made sure of that schema, and asking for it again needs a privilege that many users do not have -#}
    {%- set statements = statements[1:] -%}
  {%- endif -%}
  {%- if state.words.guarded -%}
    {%- do exec_logger.first_value(exec_logger.guard(statements, unless_exists=state.relation)) -%}
    {{ return('') }}
  {%- endif -%}
  {{ return(statements | join(';\n') ~ ';\n') }}
{% endmacro %}

{% macro in_planned_schema(state) %}
  {%- for unique_id in state.plan or [] -%}
    {%- set node = graph.nodes.get(unique_id) -%}
    {%- if node and node.resource_type in ('model', 'seed', 'snapshot') and node.config.materialized != 'ephemeral'
        and node.schema == state.relation.schema and node.database == state.relation.database -%}
      {{ return(true) }}
    {%- endif -%}
  {%- endfor -%}
  {{ return(false) }}
{% endmacro %}
