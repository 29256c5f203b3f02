{% macro log_execution_end() %}
  {%- if execute -%}
    {%- set state = exec_logger.run_state() -%}
    {%- if state.active and model.package_name != 'exec_logger' -%}
      {%- set main = load_result('main') -%}
      {%- set response = main.response.to_dict() if main and main.response is not string else {} -%}
      {%- set record = exec_logger.node_end_record(state, model, response, config.model.node_info.node_started_at) -%}
      {%- if exec_logger.was_started(state, model) -%}
        {{- exec_logger.write(exec_logger.update_record(record), 'the end of ' ~ model.unique_id) -}}
      {%- else -%}
        {{- exec_logger.write(exec_logger.insert_record(record), 'the end of ' ~ model.unique_id) -}}
      {%- endif -%}
    {%- endif -%}
  {%- endif -%}
{% endmacro %}

{#- Whether the pre-hook has written this node's row. Where the hooks share no state, its configuration has to tell. -#}
{% macro was_started(state, node) %}
  {%- if state.shared -%}{{ return(node.unique_id in state.started) }}{%- endif -%}
  {%- for hook in node.config['pre-hook'] or [] if 'log_execution_start' in hook.sql -%}{{ return(true) }}{%- endfor -%}
  {{ return(false) }}
{% endmacro %}
