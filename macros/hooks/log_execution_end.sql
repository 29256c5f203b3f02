{% macro log_execution_end() %}
  {%- if execute -%}
    {%- set state = exec_logger.run_state() -%}
    {%- if state.active and state.problems | length < 3 and model.package_name != 'exec_logger' -%}
      {%- set main = load_result('main') -%}
      {%- set response = main.response.to_dict() if main and main.response is not string else {} -%}
      {%- set times = exec_logger.utc_texts([config.model.node_info.node_started_at or 'now', 'now']) -%}
      {%- set moment = modules.datetime.datetime.fromisoformat -%}
      {%- set seconds = (moment(times[1]) - moment(times[0])).total_seconds() -%}
      {%- set affected = response.get('rows_affected') -%}
      {%- set values = {
        'thread_id': thread_id, 'seconds': seconds, 'microseconds': (seconds * 1000000) | int,
        'rows': exec_logger.reported_rows(state, model, response), 'affected': affected if affected is number and affected >= 0 else none,
        'query_id': response.get('query_id'), 'code': response.get('code'),
      } -%}
      {%- set started = model.unique_id in state.started if state.shared
        else 'log_execution_start' in tojson(model.config['pre-hook'] or []) -%}
      {{- exec_logger.write_live(
        state, model, 'update' if started else 'end', values, times[1], 'the end of ' ~ model.unique_id) -}}
    {%- endif -%}
  {%- endif -%}
{% endmacro %}
