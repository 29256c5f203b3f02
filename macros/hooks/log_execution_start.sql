{% macro log_execution_start() %}
  {%- if execute -%}
    {%- set state = exec_logger.run_state() -%}
    {%- if exec_logger.is_live(state) and model.package_name != 'exec_logger' -%}
      {%- set problems_before = state.problems | length -%}
      {%- set record = exec_logger.node_record(
        state, model, {'status': 'RUNNING', 'dbt_status': 'started', 'start': exec_logger.utc_text()}) -%}
      {%- set insert = exec_logger.write(exec_logger.insert_record(record), 'the start of ' ~ model.unique_id) -%}
      {%- if state.problems | length == problems_before -%}{%- do state.started.update({model.unique_id: true}) -%}{%- endif -%}
      {{- insert -}}
    {%- endif -%}
  {%- endif -%}
{% endmacro %}

{#- After three failed writes the live hooks of a run write no more: each might wait for a lock. On-run-end still writes it all. -#}
{% macro is_live(state) %}{{ return(state.active and state.problems | length < 3) }}{% endmacro %}
