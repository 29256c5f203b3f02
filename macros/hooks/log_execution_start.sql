{% macro log_execution_start() %}
  {%- if execute -%}
    {%- set state = exec_logger.run_state() -%}
    {%- if state.active and model.package_name != 'exec_logger' -%}
      {%- set problems_before = state.problems | length -%}
      {%- set insert = exec_logger.write(
        exec_logger.insert_record(exec_logger.node_start_record(state, model)), 'the start of ' ~ model.unique_id) -%}
      {%- if state.problems | length == problems_before -%}{%- do state.started.update({model.unique_id: true}) -%}{%- endif -%}
      {{- insert -}}
    {%- endif -%}
  {%- endif -%}
{% endmacro %}
