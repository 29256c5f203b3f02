{#- The shape of a node's record: JSON text with %(name)s where a value goes. Returns it by the number of entries in the timeline (what
    has not happened is not in it), without line breaks; made once per run. -#}
{% macro node_shapes() %}
  {%- set head = '{
    "process_step_id": %(step_id)s,
    "parent_step_id": %(job_id)s,
    "record_type": %(record_type)s,
    "execution_status_name": %(status)s,
    "execution_completed_ind": %(completed)s,
    "execution_start_tmstp": %(start)s,
    "execution_end_tmstp": %(end)s,
    "execution_type_name": %(execution_type)s,
    "extract_start_tmstp": %(start)s,
    "extract_end_tmstp": %(end)s,
    "source_obj": %(sources)s,
    "destination_obj": %(destination)s,
    "process_config_obj": %(config)s,
    "source_data_cnt": %(rows)s,
    "step_execution_obj": {
      "model_name": %(name)s,
      "unique_id": %(unique_id)s,
      "current_step": %(current)s,
      "query_id_start": %(query_id)s,
      "query_id_end": %(query_id)s,
      "thread_id": %(thread_id)s,
      "dbt_status": %(dbt_status)s,
      "execution_time_seconds": %(seconds)s,
      "compile_started_at": %(compile_started_at)s,
      "compile_completed_at": %(compile_completed_at)s,
      "execute_started_at": %(execute_started_at)s,
      "execute_completed_at": %(execute_completed_at)s,
      "failures": %(failures)s,
      "execution_timeline": [' -%}
  {%- set started = '{
          "step_number": 1,
          "timestamp": %(start)s,
          "level": "Info",
          "step_type": "MODEL_START",
          "title": %(started_title)s,
          "query_id": %(query_id)s,
          "content": %(destination)s
        }' -%}
  {%- set ended = ', {
          "step_number": 2,
          "timestamp": %(end)s,
          "level": %(level)s,
          "step_type": "MODEL_COMPLETE",
          "title": %(ended_title)s,
          "query_id": %(query_id)s,
          "query_result": {"rows_in_destination": %(rows)s, "rows_affected": %(affected)s, "execution_status": %(status)s},
          "content": {"dbt_status": %(dbt_status)s, "adapter_code": %(code)s, "failures": %(failures)s}
        }' -%}
  {%- set tail = ']
    },
    "error_message_obj": %(errors)s,
    "deleted_ind": "N"
  }' -%}
  {%- set shapes = [] -%}
  {%- for entries in ['', started, started ~ ended] -%}
    {%- do shapes.append((head ~ entries ~ tail).split() | join(' ')) -%}
  {%- endfor -%}
  {{ return(shapes) }}
{% endmacro %}
