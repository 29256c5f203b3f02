{#- PRCS_INST_ID of this invocation's run of a stream. It needs no coordination, so it is the same in all threads, and no two runs have
    the same: microseconds of the start of dbt, and three digits of a hash of invocation and stream. It grows with time. -#}
{% macro instance_id(stream) %}
  {%- set microseconds = (run_started_at.timestamp() * 1000000) | int -%}
  {{ return(microseconds * 1000 + (local_md5(invocation_id ~ ' ' ~ stream)[:8] | int(0, 16)) % 1000) }}
{% endmacro %}

{#- A column of the running instance of the stream of this run, as SQL. -#}
{% macro instance_value(state, column) %}
  {%- set id = exec_logger_streams.instance_id(state.settings.stream_name) -%}
  {{ return('(select max(' ~ column ~ ') from ' ~ state.tables.dcf_t_prcs_inst ~ ' where prcs_inst_id = ' ~ id ~ ')') }}
{% endmacro %}

{#- STRM_ID of a stream, as SQL. -#}
{% macro stream_id(state, stream) %}
  {{ return('(select max(strm_id) from ' ~ state.tables.dcf_t_strm ~ ' where strm_name = '
    ~ exec_logger_streams.sql_value(state, stream) ~ ')') }}
{% endmacro %}

{% macro generate_dcf_process_instance_id() %}
  {{- exec_logger_streams.instance_id(exec_logger_streams.stream_settings().stream_name) -}}
{% endmacro %}
