{#- For on-run-end: this package's dbt_project.yml configures it. A failed model runs no post-hook, so that only here its process and its
    stream's instance can be closed. What a stream did not come to counts as failed. -#}
{% macro close_streams(results) %}
  {%- set ours = [] -%}
  {%- for result in results if execute -%}
    {%- set config = result.node.config -%}
    {%- if 'exec_logger_streams.' in (config.get('pre-hook') or config.get('pre_hook') or '') | string -%}
      {%- do ours.append(result.node.unique_id) -%}
    {%- endif -%}
  {%- endfor -%}
  {#- hooks that call us through macros of the project's own name us in `graph` alone -#}
  {%- if ours or 'exec_logger_streams ' ~ invocation_id in graph -%}
    {%- set state = exec_logger_streams.stream_state() -%}
    {%- if not dbt_version.startswith('1.') -%}
      {#- the hooks of dbt 2 share no `graph`: no gate could tell us its stream -#}
      {%- for result in results if result.node.unique_id in ours and result.status | string != 'skipped' -%}
        {%- do state.nodes.update({result.node.unique_id: state.settings.stream_name}) -%}
      {%- endfor -%}
    {%- endif -%}
    {%- set failures = {} -%}
    {%- for stream in state.nodes.values() -%}{%- do failures.update({stream: []}) -%}{%- endfor -%}
    {%- set skipped = [] -%}
    {%- for result in results -%}
      {%- set node = result.node -%}
      {%- set status = result.status | string -%}
      {%- if node.unique_id in state.nodes and status in ['error', 'fail', 'runtime error', 'partial success'] -%}
        {%- set message = exec_logger.bounded_text(result.message, 4000) -%}
        {%- do failures[state.nodes[node.unique_id]].append(
          {'unique_id': node.unique_id, 'model_name': node.name, 'message': message}) -%}
      {%- elif status == 'skipped' and node.unique_id in ours -%}
        {%- do skipped.append({'unique_id': node.unique_id, 'model_name': node.name, 'message': 'skipped: what it needs has failed'}) -%}
      {%- endif -%}
    {%- endfor -%}
    {%- set statements = [] -%}
    {%- for stream, failed in failures.items() -%}
      {%- if failures | length == 1 -%}{%- do failed.extend(skipped) -%}{%- endif -%}
      {%- do statements.extend(exec_logger_streams.closing_statements(state, stream, failed)) -%}
    {%- endfor -%}
    {{- statements | join(';\n') -}}
  {%- endif -%}
{% endmacro %}

{% macro closing_statements(state, stream, failed) %}
  {%- set now, id, tables = exec_logger_streams.sql_now(state), exec_logger_streams.instance_id(stream), state.tables -%}
  {%- set ended = ', prcs_end_ts = ' ~ now ~ ', updated_ts = ' ~ now -%}
  {%- set statements = [] -%}
  {%- for failure in failed -%}
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

{% macro failure_notification(state, stream, id, failed, now) %}
  {%- set content = {
    'stream_name': stream, 'processing_date': state.settings.run_stream_process_date,
    'process_instance_id': id, 'invocation_id': invocation_id, 'failures': failed[:50],
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
