{% macro register_process_start(process_name, stream_name) %}
  {%- if execute -%}
    {%- set state = exec_logger_streams.stream_state() -%}
    {%- if model.unique_id not in state.nodes -%}{%- do exec_logger_streams.enter_stream(state, stream_name) -%}{%- endif -%}
    {%- do exec_logger_streams.commit_now([exec_logger_streams.process_insert(state, process_name, stream_name, model.unique_id)]) -%}
  {%- endif -%}
{% endmacro %}

{% macro process_insert(state, process_name, stream, unique_id, tail='') %}
  {%- set now = exec_logger_streams.sql_now(state) -%}
  {%- set values = {
    'strm_id': exec_logger_streams.stream_id(state, stream), 'prcs_inst_id': exec_logger_streams.instance_id(stream),
    'prcs_start_ts': now, 'updated_ts': now,
  } -%}
  {%- set texts = {
    'strm_name': stream, 'prcs_name': process_name, 'prcs_status': 'RUNNING', 'exec_user_id': state.user_id,
    'invocation_id': invocation_id, 'job_step_id': 'JOB_' ~ invocation_id, 'node_unique_id': unique_id,
  } -%}
  {%- for name, text in texts.items() -%}{%- do values.update({name: exec_logger_streams.sql_value(state, text | string)}) -%}{%- endfor -%}
  {{ return(exec_logger_streams.sql_insert(state.tables.dcf_t_prcs_exec_log, values, tail)) }}
{% endmacro %}

{#- The row of a process in the exec log, as a condition; without a stream, of whatever stream the model is in. -#}
{% macro this_process(state, process_name, stream=none) %}
  {{ return('prcs_inst_id = ' ~ exec_logger_streams.instance_id(stream or state.nodes.get(model.unique_id) or state.settings.stream_name)
    ~ ' and prcs_name = ' ~ exec_logger_streams.sql_value(state, process_name | string)
    ~ ' and node_unique_id = ' ~ exec_logger_streams.sql_value(state, model.unique_id)) }}
{% endmacro %}

{% macro register_process_completion(process_name, stream_name) %}
  {%- if execute -%}
    {%- set state = exec_logger_streams.stream_state() -%}
    {%- set now = exec_logger_streams.sql_now(state) -%}
update {{ state.tables.dcf_t_prcs_exec_log }}
set prcs_status = 'COMPLETED', prcs_end_ts = {{ now }}, updated_ts = {{ now }}
where {{ exec_logger_streams.this_process(state, process_name, stream_name) }}
  {%- endif -%}
{% endmacro %}

{% macro log_load_statistics(process_name) %}
  {%- if execute -%}
    {%- set state = exec_logger_streams.stream_state() -%}
    {%- set source = exec_logger_streams.source_relation(state) -%}
    {%- set stream = state.nodes.get(model.unique_id) or state.settings.stream_name -%}
update {{ state.tables.dcf_t_prcs_exec_log }}
set prcs_statistics = {{ exec_logger_streams.load_statistics(state, source, this, stream) }}, updated_ts = {{ exec_logger_streams.sql_now(state) }}
where {{ exec_logger_streams.this_process(state, process_name) }}
  {%- endif -%}
{% endmacro %}
