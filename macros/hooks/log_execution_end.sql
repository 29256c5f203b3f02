{% macro log_execution_end() %}
  {%- if execute -%}
    {%- set state = exec_logger.run_state() -%}
    {%- if state.active and state.problems | length < 3 and model.package_name != 'exec_logger' -%}
      {%- set main = load_result('main') -%}
      {%- set response = main.response.to_dict() if main and main.response is not string else {} -%}
      {%- set end = exec_logger.utc_text() -%}
      {%- set start = exec_logger.utc_text(config.model.node_info.node_started_at or end) -%}
      {%- set elapsed = modules.datetime.datetime.fromisoformat(end) - modules.datetime.datetime.fromisoformat(start) -%}
      {%- set seconds = elapsed.total_seconds() -%}
      {%- set outcome = {
        'status': 'SUCCESS', 'dbt_status': 'success', 'start': start, 'end': end, 'thread_id': thread_id, 'seconds': seconds,
        'rows': exec_logger.reported_rows(state, model, response), 'response': response,
      } -%}
      {%- set record = exec_logger.node_record(state, model, outcome) -%}
      {%- do record.update({'microseconds': (seconds * 1000000) | round | int}) -%}
      {%- set hooks = model.config['pre-hook'] or [] -%}
      {%- set started = model.unique_id in state.started if state.shared else 'log_execution_start' in tojson(hooks) -%}
      {%- if started -%}
        {{- exec_logger.write(state, exec_logger.update_record(state, record), 'the end of ' ~ model.unique_id) -}}
      {%- else -%}
        {{- exec_logger.write(state, exec_logger.insert_record(state, record), 'the end of ' ~ model.unique_id) -}}
      {%- endif -%}
    {%- endif -%}
  {%- endif -%}
{% endmacro %}
