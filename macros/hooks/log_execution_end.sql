{% macro log_execution_end() %}
  {%- if execute -%}
    {%- set state = exec_logger.run_state() -%}
    {%- if exec_logger.is_live(state) and model.package_name != 'exec_logger' -%}
      {%- set main = load_result('main') -%}
      {%- set response = main.response.to_dict() if main and main.response is not string else {} -%}
      {%- set record = exec_logger.node_end_record(state, model, response, config.model.node_info.node_started_at) -%}
      {%- if state.shared -%}
        {%- set started = model.unique_id in state.started -%}
      {%- else -%}
        {%- set started = 'log_execution_start' in tojson(model.config['pre-hook'] or []) -%}
      {%- endif -%}
      {%- set statement = exec_logger.update_record(record) if started else exec_logger.insert_record(record) -%}
      {{- exec_logger.write(statement, 'the end of ' ~ model.unique_id) -}}
    {%- endif -%}
  {%- endif -%}
{% endmacro %}
