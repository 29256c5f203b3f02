{% macro log_execution_end() %}
  {%- if execute -%}
    {%- set state = exec_logger.run_state() -%}
    {%- if state.active and state.problems | length < 3 and model.package_name != 'exec_logger' -%}
      {%- set main = load_result('main') -%}
      {%- set response = main.response.to_dict() if main and main.response is not string else {} -%}
      {%- set times = exec_logger.utc_texts([config.model.node_info.node_started_at or 'now', 'now']) -%}
      {%- set moment = modules.datetime.datetime.fromisoformat -%}
      {%- set elapsed = moment(times[1]) - moment(times[0]) -%}
      {%- set outcome = state.no_outcome.copy() -%}
      {%- do outcome.update({
        'status': 'SUCCESS', 'dbt_status': 'success', 'start': times[0], 'end': times[1], 'thread_id': thread_id,
        'seconds': elapsed.total_seconds(), 'rows': exec_logger.reported_rows(state, model, response), 'response': response,
      }) -%}
      {%- set record = exec_logger.json_body(state.words, exec_logger.node_record(state, model, outcome)) -%}
      {%- set started = model.unique_id in state.started if state.shared
        else 'log_execution_start' in tojson(model.config['pre-hook'] or []) -%}
      {%- if started and not state.update_sql -%}
        {%- do state.update({'update_sql': exec_logger.update_statement(state)}) -%}
      {%- endif -%}
      {{- exec_logger.write(
        state, state.update_sql if started else state.insert_sql, record, times[1], 'the end of ' ~ model.unique_id) -}}
    {%- endif -%}
  {%- endif -%}
{% endmacro %}
