{#- Whether the instance of a row of gate_query() is dead: nothing of it changed for dcf_stale_after_minutes, or this process has the
    database to itself and another dbt began it. -#}
{% macro is_dead(state, row) %}
  {{ return(row[5] == 1 or (state.words.alone and row[4] is not none and row[4] != invocation_id)) }}
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
