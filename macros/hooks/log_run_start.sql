{% macro log_run_start() %}
  {%- if execute -%}
    {%- set state = exec_logger.run_state() -%}
    {%- if state.active -%}
      {%- do exec_logger.find_first_builds(state) -%}
      {%- set create = exec_logger.create_log_table() if state.settings.auto_create else '' -%}
      {%- set problems_before = state.problems | length -%}
      {%- set insert = exec_logger.write(exec_logger.insert_record(exec_logger.job_start_record(state)), 'the start of the job') -%}
      {%- do state.update({'job_written': state.problems | length == problems_before}) -%}
      {{- create ~ insert -}}
    {%- endif -%}
  {%- endif -%}
{% endmacro %}

{#- Before anything is built: which incremental models do not exist yet. dbt's own cache answers, without a statement. -#}
{% macro find_first_builds(state) %}
  {%- for unique_id in state.plan or [] if unique_id.startswith('model.') -%}
    {%- set node = graph.nodes.get(unique_id) -%}
    {%- if node and node.config.materialized == 'incremental' -%}
      {%- set existing = adapter.get_relation(node.database, node.schema, node.alias) -%}
      {%- if existing is none or not existing.is_table -%}{%- do state.first_builds.update({unique_id: true}) -%}{%- endif -%}
    {%- endif -%}
  {%- endfor -%}
{% endmacro %}
