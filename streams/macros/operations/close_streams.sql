{#- For on-run-end: this package's dbt_project.yml configures it. A failed model runs no post-hook, so that only here its process and its
    stream's instance can be closed. What a stream did not come to counts as failed. -#}
{% macro close_streams(results) %}
  {%- set ended = {} -%}
  {%- for result in results if execute -%}{%- do ended.update({result.node.unique_id: result}) -%}{%- endfor -%}
  {%- set ours = exec_logger_streams.stream_models(ended) -%}
  {%- if ours -%}
    {%- set state = exec_logger_streams.stream_state() -%}
    {%- set failures = exec_logger_streams.stream_failures(state, ended, ours) -%}
    {%- set models = [] -%}
    {%- for unique_id in ours if unique_id in ended and exec_logger_streams.has_failed(ended[unique_id]) -%}
      {%- do models.append(unique_id) -%}
    {%- endfor -%}
    {%- set statements = [] -%}
    {%- for stream, failed in failures.items() -%}
      {%- do statements.extend(exec_logger_streams.closing_statements(state, stream, failed, models)) -%}
    {%- endfor -%}
    {{- statements | join(';\n') -}}
  {%- endif -%}
{% endmacro %}

{% macro closing_statements(state, stream, failed, models) %}
  {%- set now, id, tables = exec_logger_streams.sql_now(state), exec_logger_streams.instance_id(stream), state.tables -%}
  {%- set ended = ', prcs_end_ts = ' ~ now ~ ', updated_ts = ' ~ now -%}
  {%- set statements = [] -%}
  {%- for failure in failed -%}
    {%- if failure.unique_id in models -%}
      {%- do statements.append(exec_logger_streams.missing_process(state, stream, id, failure)) -%}
    {%- endif -%}
    {%- do statements.append(
      'update ' ~ tables.dcf_t_prcs_exec_log ~ " set prcs_status = 'FAILED', error_msg = "
      ~ exec_logger_streams.sql_value(state, failure.message) ~ ended ~ ' where prcs_inst_id = ' ~ id
      ~ ' and node_unique_id = ' ~ exec_logger_streams.sql_value(state, failure.unique_id)) -%}
  {%- endfor -%}
  {%- do statements.append(
    'update ' ~ tables.dcf_t_prcs_exec_log ~ " set prcs_status = 'COMPLETED'" ~ ended
    ~ " where prcs_status = 'RUNNING' and prcs_inst_id = " ~ id) -%}
  {%- if failed -%}
    {%- set reason = exec_logger.bounded_text(failed | map(attribute='message') | join('\n'), 8000) -%}
    {%- do statements.append(
      'update ' ~ tables.dcf_t_prcs_inst ~ " set prcs_status = 'FAILED', error_msg = "
      ~ exec_logger_streams.sql_value(state, reason) ~ ended ~ ' where prcs_inst_id = ' ~ id) -%}
    {%- do statements.append(exec_logger_streams.failure_notification(state, stream, id, failed, now)) -%}
  {%- else -%}
    {%- do statements.append(
      'update ' ~ tables.dcf_t_prcs_inst ~ " set prcs_status = 'COMPLETED'" ~ ended
      ~ " where prcs_status = 'RUNNING' and prcs_inst_id = " ~ id) -%}
  {%- endif -%}
  {%- do statements.append(
    'update ' ~ tables.dcf_t_strm ~ ' set running_inst_id = null, updated_ts = ' ~ now ~ ' where running_inst_id = ' ~ id) -%}
  {{ return(statements) }}
{% endmacro %}

{#- The INSERT of the process of a failed model that did not come to register one. -#}
{% macro missing_process(state, stream, id, failure) %}
  {%- set process = state.asked.process or [] -%}
  {%- set name = process[0] if process and process[2] == failure.unique_id else failure.model_name -%}
  {%- set tables = state.tables -%}
  {{ return(exec_logger_streams.process_insert(state, name, stream, failure.unique_id,
    'where exists (select 1 from ' ~ tables.dcf_t_prcs_inst ~ ' where prcs_inst_id = ' ~ id ~ ') and not exists (select 1 from '
    ~ tables.dcf_t_prcs_exec_log ~ ' where prcs_inst_id = ' ~ id ~ ' and node_unique_id = '
    ~ exec_logger_streams.sql_value(state, failure.unique_id) ~ ')')) }}
{% endmacro %}

{% macro failure_notification(state, stream, id, failed, now) %}
  {%- set entered = state.entered.get(stream) or {} -%}
  {%- set content = {
    'stream_name': stream, 'processing_date': entered.prcs_date or state.settings.run_stream_process_date,
    'batch_id': state.settings.ods_batch_id, 'process_instance_id': id, 'invocation_id': invocation_id, 'failures': failed[:50],
  } -%}
  {{ return(exec_logger_streams.sql_insert(state.tables.dcf_t_notifications, {
    'notification_type': "'LOAD_FAILURE'",
    'strm_id': exec_logger_streams.stream_id(state, stream),
    'strm_name': exec_logger_streams.sql_value(state, stream),
    'prcs_inst_id': id,
    'invocation_id': exec_logger_streams.sql_value(state, invocation_id),
    'notification_content': exec_logger_streams.sql_json(state, content),
    'notification_status': "'PENDING'",
    'created_ts': now,
    'attempt_cnt': 0,
  })) }}
{% endmacro %}
