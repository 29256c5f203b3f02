{% macro hold_statement(state, stream, id) %}
  {%- set now = exec_logger_streams.sql_now(state) -%}
update {{ state.tables.dcf_t_strm }}
set running_inst_id = {{ id }}, running_since_ts = {{ now }}, updated_ts = {{ now }}
where strm_name = {{ exec_logger_streams.sql_value(state, stream) }} and strm_status = 'ACTIVE'
  and (running_inst_id is null or running_inst_id = {{ id }})
  and strm_id not in (
    select strm_id from {{ state.tables.dcf_t_prcs_inst }}
    where prcs_status = 'RUNNING' and strm_id is not null and prcs_inst_id <> {{ id }}
  )
{% endmacro %}

{% macro instance_insert(state, stream, id, strm_id, prcs_date) %}
  {%- set now = exec_logger_streams.sql_now(state) -%}
  {%- set values = {'prcs_inst_id': id, 'strm_id': strm_id} -%}
  {%- set texts = {
    'strm_name': stream, 'prcs_date': prcs_date, 'batch_id': state.settings.ods_batch_id, 'prcs_status': 'RUNNING',
    'exec_user_id': state.user_id, 'invocation_id': invocation_id, 'job_step_id': 'JOB_' ~ invocation_id,
  } -%}
  {%- for name, text in texts.items() -%}
    {%- do values.update({name: exec_logger_streams.sql_value(state, none if text is none else text | string)}) -%}
  {%- endfor -%}
  {%- do values.update({'prcs_start_ts': now, 'updated_ts': now}) -%}
  {%- set tail = 'where not exists (select 1 from ' ~ state.tables.dcf_t_prcs_inst ~ ' where prcs_inst_id = ' ~ id ~ ')' -%}
  {{ return(exec_logger_streams.sql_insert(state.tables.dcf_t_prcs_inst, values, tail)) }}
{% endmacro %}

{#- Waits until the thread that writes has written the instance, which this model's hooks read: a moment. False if it has not after 30
    seconds, as its model was stopped. -#}
{% macro instance_comes(state, stream, id) %}
  {%- set clock = modules.datetime.datetime -%}
  {%- set deadline = clock.now() + modules.datetime.timedelta(seconds=30) -%}
  {%- set query = 'select 1 as found_ from ' ~ state.tables.dcf_t_prcs_inst ~ ' where prcs_inst_id = ' ~ id -%}
  {%- set seen = [] -%}
  {%- for turn in range(100000) if not seen and stream not in state.entered and clock.now() < deadline -%}
    {%- if run_query(query).rows -%}{%- do seen.append(true) -%}{%- endif -%}
  {%- endfor -%}
  {{ return(seen or stream in state.entered) }}
{% endmacro %}
