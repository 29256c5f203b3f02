{#- Whether the instance of a row of gate_query() is dead: execlog has closed its job as dead, nothing of it changed for
    dcf_stale_after_minutes, or this process has the database to itself and another dbt began it. -#}
{% macro is_dead(state, row) %}
  {%- set silent, invocation = row[5] == 1, row[4] -%}
  {%- if silent or invocation is none or invocation == invocation_id -%}{{ return(silent) }}{%- endif -%}
  {{ return(state.words.alone or exec_logger_streams.was_closed(state, 'JOB_' ~ invocation)) }}
{% endmacro %}

{#- Whether execlog or RUN_DBT_AUTO_RESTART has closed a job in the log, as its dbt had died. One that its own dbt has closed does not
    count: its on-run-end may still be at work on the stream. -#}
{% macro was_closed(state, job_id) %}
  {%- set log = exec_logger.run_state() -%}
  {%- set table = log.relation -%}
  {%- if not log.active or not adapter.get_relation(table.database, table.schema, table.identifier) -%}{{ return(false) }}{%- endif -%}
  {%- set query -%}
select 1 as found_ from {{ table }}
where process_step_id = {{ exec_logger_streams.sql_value(state, job_id) }}
  and position('; closed by ' in cast(error_message_obj as varchar)) > 0 and coalesce(deleted_ind, 'N') <> 'Y'
limit 1
  {%- endset -%}
  {{ return(run_query(query).rows | length == 1) }}
{% endmacro %}

{#- An instance of which nothing changed since this time, as SQL, is dead. -#}
{% macro stale_before(state) %}
  {%- set microseconds = (state.settings.dcf_stale_after_minutes | float * 60000000) | int -%}
  {{ return(state.words.earlier.replace('%(microseconds)s', microseconds | string)
    .replace('now_', '(' ~ exec_logger_streams.sql_now(state) ~ ')')) }}
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
