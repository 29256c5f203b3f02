{#- Lets this invocation into a stream, or stops the model. The stream's row is its lock: it is taken by one conditional UPDATE, and
    read again. Instances that say RUNNING hold it, too, unless they are dead. -#}
{% macro enter_stream(state, stream) %}
  {%- do state.nodes.update({model.unique_id: stream}) -%}
  {%- set id = exec_logger_streams.instance_id(stream) -%}
  {#- the one thread that writes on behalf of this invocation; where a process is alone, nobody else has to be kept out -#}
  {%- set writes = state.claims.setdefault(stream, model.unique_id) == model.unique_id -%}
  {%- set gate = {} -%}
  {%- for attempt in range(4) if not gate.open -%}
    {%- set rows = run_query(exec_logger_streams.gate_query(state, stream)).rows -%}
    {%- if not rows or rows[0][1] != 'ACTIVE' -%}
      {%- set status = 'its status is ' ~ rows[0][1] if rows else 'it is not in ' ~ state.tables.dcf_t_strm -%}
      {%- do exceptions.raise_compiler_error('Stream is not in active status: ' ~ stream ~ ' (' ~ status ~ ')') -%}
    {%- endif -%}
    {%- set others = [] -%}
    {%- for row in rows if row[3] is not none and row[3] | int != id -%}{%- do others.append(row) -%}{%- endfor -%}
    {%- set living = [] -%}
    {%- for row in others if not exec_logger_streams.is_dead(state, row) -%}{%- do living.append(row[3]) -%}{%- endfor -%}
    {%- do gate.update({'strm_id': rows[0][0], 'bus_dt': rows[0][6]}) -%}
    {%- if living -%}
      {%- do exceptions.raise_compiler_error(
        'Concurrent execution detected - stream already running: ' ~ stream ~ ' (instance ' ~ living[0] ~ ')') -%}
    {%- elif others and (writes or not state.words.alone) -%}
      {%- do exec_logger_streams.free_dead(state, others) -%}
    {%- elif rows[0][2] == id or (state.words.alone and not writes) -%}
      {%- do gate.update({'open': true}) -%}
    {%- else -%}
      {%- do exec_logger_streams.commit_now([exec_logger_streams.hold_statement(state, stream, id)]) -%}
    {%- endif -%}
  {%- endfor -%}
  {%- if not gate.open -%}
    {%- do exceptions.raise_compiler_error('Concurrent execution detected - stream already running: ' ~ stream) -%}
  {%- endif -%}
  {%- if stream not in state.entered and (writes or not exec_logger_streams.instance_comes(state, stream, id)) -%}
    {%- set prcs_date = state.settings.run_stream_process_date or gate.bus_dt -%}
    {%- do exec_logger_streams.commit_now([exec_logger_streams.instance_insert(state, stream, id, gate.strm_id, prcs_date)]) -%}
    {%- do state.entered.update({stream: gate}) -%}
  {%- endif -%}
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

{#- The stream, and one row for each instance that holds it or says RUNNING: strm_id, strm_status, running_inst_id, the other's id, its
    invocation, whether it has been silent for too long, the open business date. -#}
{% macro gate_query(state, stream) %}
  {%- set tables, now = state.tables, exec_logger_streams.sql_now(state) -%}
  {%- set microseconds = (state.settings.dcf_stale_after_minutes * 60000000) | int -%}
  {%- set cutoff = state.words.earlier.replace('%(microseconds)s', microseconds | string).replace('now_', '(' ~ now ~ ')') -%}
select
  strm_.strm_id, strm_.strm_status, strm_.running_inst_id,
  coalesce(inst_.prcs_inst_id, strm_.running_inst_id), inst_.invocation_id,
  case
    when coalesce(log_.seen_ts, inst_.updated_ts, inst_.prcs_start_ts, strm_.running_since_ts) < {{ cutoff }}
      and coalesce(inst_.updated_ts, inst_.prcs_start_ts, strm_.running_since_ts) < {{ cutoff }} then 1
    else 0
  end,
  (select cast(max(bus_dt) as varchar) from {{ tables.dcf_t_strm_bus_dt }} where bus_dt_status = 'OPEN'
    and strm_name = {{ exec_logger_streams.sql_value(state, stream) }})
from {{ tables.dcf_t_strm }} as strm_
left join {{ tables.dcf_t_prcs_inst }} as inst_
  on inst_.strm_id = strm_.strm_id and (inst_.prcs_status = 'RUNNING' or inst_.prcs_inst_id = strm_.running_inst_id)
left join (
  select prcs_inst_id, max(updated_ts) as seen_ts from {{ tables.dcf_t_prcs_exec_log }} group by prcs_inst_id
) as log_ on log_.prcs_inst_id = inst_.prcs_inst_id
where strm_.strm_name = {{ exec_logger_streams.sql_value(state, stream) }}
{% endmacro %}

{#- Whether the instance of a row of gate_query() is dead: nothing of it changed for dcf_stale_after_minutes, or this process has the
    database to itself and another dbt began it. -#}
{% macro is_dead(state, row) %}
  {{ return(row[5] == 1 or (state.words.alone and row[4] is not none and row[4] != invocation_id)) }}
{% endmacro %}

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

{#- Closes instances that died, and takes the stream from them. -#}
{% macro free_dead(state, rows) %}
  {%- set now, statements = exec_logger_streams.sql_now(state), [] -%}
  {%- set reason = 'the run died; freed by ' ~ invocation_id -%}
  {%- for row in rows -%}
    {%- for table in ['dcf_t_prcs_exec_log', 'dcf_t_prcs_inst'] -%}
      {%- do statements.append(
        'update ' ~ state.tables[table] ~ " set prcs_status = 'FAILED', prcs_end_ts = " ~ now ~ ', updated_ts = ' ~ now
        ~ ', error_msg = ' ~ exec_logger_streams.sql_value(state, reason)
        ~ " where prcs_status = 'RUNNING' and prcs_inst_id = " ~ row[3]) -%}
    {%- endfor -%}
    {%- do statements.append(
      'update ' ~ state.tables.dcf_t_strm ~ ' set running_inst_id = null, updated_ts = ' ~ now ~ ' where running_inst_id = ' ~ row[3]) -%}
    {%- do log('Stream instance ' ~ row[3] ~ ' has died: its stream is freed', info=true) -%}
  {%- endfor -%}
  {%- do exec_logger_streams.commit_now(statements) -%}
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
