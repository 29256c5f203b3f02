{#- Records of nodes: dicts with the columns of the log table. Pure: no SQL. `node` is a node as dbt gives it to a hook or in results
    (a dict or an object; both read alike). -#}

{#- The record that the post-hook writes: a node whose post-hook runs has succeeded. -#}
{% macro node_end_record(state, node, response, started_at) %}
  {%- set end = exec_logger.utc_text() -%}
  {%- set start = exec_logger.utc_text(started_at) if started_at else end -%}
  {{ return(exec_logger.node_record(state, node, {
    'status': 'SUCCESS', 'dbt_status': 'success', 'thread_id': thread_id, 'response': response,
    'start': start, 'end': end, 'execution_time': exec_logger.microseconds_between(start, end) / 1000000,
    'rows': exec_logger.reported_rows(state, node, response),
  })) }}
{% endmacro %}

{#- The final record, from one of dbt's results. `rows` is what was counted, or none. -#}
{% macro node_result_record(state, result, rows) %}
  {%- set times = {} -%}
  {%- for timing in result.timing or [] if timing.started_at and timing.completed_at -%}
    {%- do times.update({
      timing.name ~ '_start': exec_logger.utc_text(timing.started_at),
      timing.name ~ '_end': exec_logger.utc_text(timing.completed_at),
    }) -%}
  {%- endfor -%}
  {%- set status = exec_logger.status_name(result.status) -%}
  {{ return(exec_logger.node_record(state, result.node, {
    'status': status, 'dbt_status': result.status | string, 'thread_id': result.thread_id, 'response': result.adapter_response,
    'start': times.get('compile_start', times.get('execute_start')), 'end': times.get('execute_end', times.get('compile_end')),
    'times': times, 'execution_time': result.execution_time, 'rows': rows, 'failures': result.failures,
    'message': result.message if status in state.failures else none,
  })) }}
{% endmacro %}

{#- `known` has: status, dbt_status, and where known start, end, times, thread_id, execution_time (seconds), response (of the
    adapter), rows (in the destination), failures, message. -#}
{% macro node_record(state, node, known) %}
  {%- set outcome = {
    'start': none, 'end': none, 'times': {}, 'thread_id': thread_id, 'execution_time': none, 'response': {}, 'rows': none,
    'failures': none, 'message': none,
  } -%}
  {%- do outcome.update(known) -%}
  {%- set resource_type = node.unique_id.split('.')[0] -%}
  {%- set execution_type = exec_logger.execution_type(state, node, resource_type) -%}
  {%- set is_relation = resource_type not in ('test', 'unit_test') or (node.config.store_failures or false) -%}
  {%- set destination = {
    'database': node.database | default(none),
    'schema': node.schema | default(none),
    'table': node.alias if is_relation else none,
    'materialization': node.config.materialized | default(resource_type),
    'execution_type': execution_type,
    'full_name': [node.database, node.schema, node.alias] | select | join('.') if is_relation else none,
  } -%}
  {%- set response = outcome.response if outcome.response is mapping else {} -%}
  {%- set query_id = response.get('query_id') -%}
  {%- set title = resource_type.replace('_', ' ') | title -%}
  {%- set timeline = [] -%}
  {%- if outcome.start -%}
    {%- do timeline.append({
      'step_number': 1, 'timestamp': outcome.start, 'level': 'Info', 'step_type': 'MODEL_START',
      'title': title ~ ' Started: ' ~ node.name, 'query_id': query_id, 'content': destination,
    }) -%}
  {%- endif -%}
  {%- if outcome.end -%}
    {%- set failed = outcome.status in state.failures -%}
    {%- do timeline.append({
      'step_number': 2, 'timestamp': outcome.end,
      'level': 'Error' if failed else 'Warn' if outcome.status == 'WARNING' else 'Info',
      'step_type': 'MODEL_COMPLETE', 'title': title ~ (' Failed: ' if failed else ' Completed: ') ~ node.name, 'query_id': query_id,
      'query_result': {
        'rows_in_destination': outcome.rows, 'rows_affected': exec_logger.rows_affected(response), 'execution_status': outcome.status,
      },
      'content': {'dbt_status': outcome.dbt_status, 'adapter_code': response.get('code'), 'failures': outcome.failures},
    }) -%}
  {%- endif -%}
  {%- set times = outcome.times -%}
  {{ return({
    'process_step_id': exec_logger.step_id(state.job_id, node, resource_type),
    'parent_step_id': state.job_id,
    'record_type': resource_type | upper,
    'execution_status_name': outcome.status,
    'execution_completed_ind': 'N' if outcome.status == 'RUNNING' else 'Y',
    'execution_start_tmstp': outcome.start,
    'execution_end_tmstp': outcome.end,
    'execution_type_name': execution_type,
    'extract_start_tmstp': outcome.start,
    'extract_end_tmstp': outcome.end,
    'source_obj': exec_logger.node_sources(node),
    'destination_obj': destination,
    'source_data_cnt': outcome.rows,
    'step_execution_obj': {
      'model_name': node.name,
      'unique_id': node.unique_id,
      'current_step': {'RUNNING': 'MODEL_STARTED', 'SKIPPED': 'MODEL_SKIPPED'}.get(outcome.status, 'MODEL_COMPLETED'),
      'query_id_start': query_id,
      'query_id_end': query_id,
      'thread_id': outcome.thread_id,
      'dbt_status': outcome.dbt_status,
      'execution_time_seconds': outcome.execution_time,
      'compile_started_at': times.get('compile_start', '').replace(' ', 'T') or none,
      'compile_completed_at': times.get('compile_end', '').replace(' ', 'T') or none,
      'execute_started_at': times.get('execute_start', '').replace(' ', 'T') or none,
      'execute_completed_at': times.get('execute_end', '').replace(' ', 'T') or none,
      'failures': outcome.failures,
      'execution_timeline': timeline,
    },
    'error_message_obj': [] if not outcome.message else [{
      'unique_id': node.unique_id, 'model_name': node.name, 'message': exec_logger.bounded_text(outcome.message),
    }],
    'deleted_ind': 'N',
  }) }}
{% endmacro %}
