{% macro finalize_load_orchestration() %}
  {%- if execute -%}
    {%- do exec_logger_streams.require_completion() -%}
    {%- set state = exec_logger_streams.stream_state() -%}
    {%- set now = exec_logger_streams.sql_now(state) -%}
    {%- set statements = [] -%}
    {%- if state.asked.process -%}{%- do statements.append(exec_logger_streams.process_metadata(state)) -%}{%- endif -%}
    {%- if state.asked.lifecycle -%}{%- do statements.extend(exec_logger_streams.lifecycle_statements(state)) -%}{%- endif -%}
    {%- do statements.append(
      'update ' ~ state.tables.dcf_t_prcs_inst
      ~ " set prcs_status = (select max(case load_execution_status when 'SUCCESS' then 'COMPLETED' else load_execution_status end) from "
      ~ this ~ '), prcs_end_ts = ' ~ now ~ ', updated_ts = ' ~ now ~ " where prcs_status = 'RUNNING' and prcs_inst_id = "
      ~ exec_logger_streams.instance_id(state.settings.stream_name)) -%}
    {{- statements | join(';\n') -}}
  {%- endif -%}
{% endmacro %}

{#- In the model's SQL it cannot look at a table that is not there yet: finalize_load_orchestration does. In a post-hook it looks. -#}
{% macro validate_orchestration_completion() %}
  {%- if execute and load_result('main') -%}{%- do exec_logger_streams.require_completion() -%}{%- endif -%}
{% endmacro %}

{% macro require_completion() %}
  {%- set stream = exec_logger_streams.stream_settings().stream_name -%}
  {%- set rows = run_query(
    'select orchestration_status, load_execution_status, metadata_update_status, archive_status from ' ~ this).rows -%}
  {%- for row in rows -%}
    {%- if row[1] == 'SKIPPED' -%}
      {%- do log('Load of ' ~ stream ~ ' skipped: ' ~ row[0], info=true) -%}
    {%- elif row[1] != 'SUCCESS' or row[2] != 'METADATA_UPDATED' or row[3] != 'LIFECYCLE_MANAGED' -%}
      {%- do exceptions.raise_compiler_error(
        'Orchestration completed with errors - check execution logs: ' ~ stream ~ ' (load ' ~ row[1] ~ ')') -%}
    {%- else -%}
      {%- do log('Load orchestration completed successfully', info=true) -%}
    {%- endif -%}
  {%- endfor -%}
{% endmacro %}

{#- The INSERT that update_process_metadata asked for. -#}
{% macro process_metadata(state) %}
  {%- set now, stream = exec_logger_streams.sql_now(state), state.settings.stream_name -%}
  {%- set process_name, statistics = state.asked.process[:2] -%}
  {{ return(exec_logger_streams.sql_insert(state.tables.dcf_t_prcs_exec_log, {
    'strm_id': exec_logger_streams.stream_id(state, stream),
    'strm_name': exec_logger_streams.sql_value(state, stream),
    'prcs_inst_id': 'process_instance_id',
    'prcs_name': exec_logger_streams.sql_value(state, process_name),
    'prcs_start_ts': exec_logger_streams.instance_value(state, 'prcs_start_ts'),
    'prcs_end_ts': now,
    'prcs_status': "case load_execution_status when 'SUCCESS' then 'COMPLETED' when 'SKIPPED' then 'SKIPPED' else 'FAILED' end",
    'prcs_statistics': statistics,
    'exec_user_id': exec_logger_streams.sql_value(state, state.user_id),
    'invocation_id': exec_logger_streams.sql_value(state, invocation_id),
    'job_step_id': exec_logger_streams.sql_value(state, 'JOB_' ~ invocation_id),
    'node_unique_id': exec_logger_streams.sql_value(state, model.unique_id),
    'updated_ts': now,
  }, 'from ' ~ this)) }}
{% endmacro %}

{#- What manage_data_lifecycle asked for: the lineage of this load, and the lifecycle of all that the stream has for this date. -#}
{% macro lifecycle_statements(state) %}
  {%- set now, stream, tables = exec_logger_streams.sql_now(state), state.settings.stream_name, state.tables -%}
  {%- set expiry = state.words.days_later.replace('%(days)s', state.settings.dcf_retention_days | string)
    .replace('%(date)s', 'cast(' ~ now ~ ' as date)') -%}
  {%- set relations = {} -%}
  {%- for unique_id in model.depends_on.nodes if unique_id in graph.nodes -%}
    {%- set node = graph.nodes[unique_id] -%}
    {%- do relations.update({node.name: api.Relation.create(database=node.database, schema=node.schema, identifier=node.alias)}) -%}
  {%- endfor -%}
  {%- set source, target_model = relations.get(state.settings.dcf_source_model), relations.get(state.settings.dcf_target_model) -%}
  {%- set statements = [] -%}
  {%- if source and target_model -%}
    {%- do statements.append(exec_logger_streams.sql_insert(tables.dcf_t_data_lineage, {
      'strm_id': exec_logger_streams.stream_id(state, stream),
      'strm_name': exec_logger_streams.sql_value(state, stream),
      'prcs_inst_id': exec_logger_streams.instance_id(stream),
      'prcs_date': exec_logger_streams.instance_value(state, 'prcs_date'),
      'source_obj': exec_logger_streams.sql_value(state, source | string),
      'target_obj': exec_logger_streams.sql_value(state, target_model | string),
      'record_cnt': exec_logger_streams.loaded_count(state, target_model),
      'invocation_id': exec_logger_streams.sql_value(state, invocation_id),
      'created_ts': now,
    }, 'from ' ~ this ~ " where load_execution_status = 'SUCCESS'")) -%}
  {%- endif -%}
  {%- do statements.append(
    'update ' ~ tables.dcf_t_data_lineage ~ " set archive_status = 'COMPLETED', archive_ts = " ~ now
    ~ ', retention_expiry_date = ' ~ expiry ~ ", lifecycle_stage = 'ARCHIVED', updated_ts = " ~ now
    ~ ' where strm_id = ' ~ exec_logger_streams.stream_id(state, stream)
    ~ ' and prcs_date = ' ~ exec_logger_streams.instance_value(state, 'prcs_date')
    ~ " and coalesce(archive_status, '') <> 'COMPLETED' and exists (select 1 from " ~ this
    ~ " where load_execution_status = 'SUCCESS')") -%}
  {{ return(statements) }}
{% endmacro %}
