{% macro log_execution_end() %}
  {%- if execute -%}
    {%- set state = exec_logger.run_state() -%}
    {%- if state.active and state.problems | length < 3 and model.package_name != 'exec_logger' -%}
      {%- set main = load_result('main') -%}
      {%- set response = main.response.to_dict() if main and main.response is not string else {} -%}
      {%- set times = exec_logger.utc_texts([config.model.node_info.node_started_at or 'now', 'now']) -%}
      {%- set moment = modules.datetime.datetime.fromisoformat -%}
      {%- set start, end = moment(times[0]), moment(times[1]) -%}
      {%- set seconds = (end - start).total_seconds() -%}
      {%- set microseconds = (seconds * 1000000) | int -%}
      {%- set rows = exec_logger.reported_rows(state, model, response) -%}
      {%- set values = exec_logger.response_values(response) -%}
      {%- do values.update({'thread_id': thread_id, 'rows': rows, 'seconds': seconds, 'microseconds': microseconds}) -%}
      {%- set started = model.unique_id in state.started -%}
      {%- if not state.shared -%}{%- set started = 'log_execution_start' in tojson(model.config['pre-hook'] or []) -%}{%- endif -%}
      {%- set kind = 'update' if started else 'end' -%}
      {{- exec_logger.write_live(state, model, kind, values, times[1], 'the end of ' ~ model.unique_id) -}}
    {%- endif -%}
  {%- endif -%}
{% endmacro %}
