{#- The INSERT of one record by a live hook. The record's own times are the client's; what is written is the warehouse's clock: the
    record's last time becomes now, its start as much earlier as it was, and the timeline says the same. -#}
{% macro insert_record(record) %}
  {%- set state = exec_logger.run_state() -%}
  {%- set words = state.words -%}
  {%- set start = record.execution_start_tmstp -%}
  {%- set end = record.execution_end_tmstp -%}
  {%- set start_sql = 'clock_.moment' -%}
  {%- if start and end -%}
    {%- set start_sql = words.earlier | format(at='clock_.moment', microseconds=exec_logger.microseconds_between(start, end)) -%}
  {%- endif -%}
  {%- set end_sql = 'clock_.moment' if end else 'null' -%}
  {%- set live = {
    'execution_start_tmstp': start_sql,
    'extract_start_tmstp': start_sql,
    'execution_end_tmstp': end_sql,
    'extract_end_tmstp': end_sql,
    'step_execution_obj': exec_logger.with_times(
        exec_logger.literal(record.step_execution_obj), start, start_sql, end, 'clock_.moment'),
    'insert_tmstp': 'clock_.moment',
    'update_tmstp': 'clock_.moment',
  } -%}
  {%- set names = [] -%}
  {%- set values = [] -%}
  {%- for column in state.columns if column.name in record or column.name in live -%}
    {%- do names.append(column.name) -%}
    {%- if column.name in live -%}
      {%- do values.append(live[column.name]) -%}
    {%- else -%}
      {%- set value = exec_logger.literal(record[column.name]) -%}
      {%- do values.append(words.as_json | format(value) if column.data_type == 'json' and value != 'null' else value) -%}
    {%- endif -%}
  {%- endfor -%}
  {{ return(
    'insert into ' ~ state.relation ~ ' (' ~ names | join(', ') ~ ')\nselect ' ~ values | join(', ')
    ~ '\nfrom (select ' ~ (words.now | format(client=exec_logger.utc_text())) ~ ' as moment) clock_'
  ) }}
{% endmacro %}

{#- SQL for a JSON text with its two times put onto the warehouse's clock. The times are unmistakable in the text: they have
    microseconds, and no other value of STEP_EXECUTION_OBJ is written in this form. -#}
{% macro with_times(json_sql, start, start_sql, end, end_sql) %}
  {%- set words = exec_logger.run_state().words -%}
  {%- set sql = json_sql -%}
  {%- if start -%}
    {%- set sql = "replace(" ~ sql ~ ", '" ~ start ~ "', " ~ (words.stamp | format(start_sql)) ~ ')' -%}
  {%- endif -%}
  {%- if end -%}
    {%- set sql = "replace(" ~ sql ~ ", '" ~ end ~ "', " ~ (words.stamp | format(end_sql)) ~ ')' -%}
  {%- endif -%}
  {{ return(words.as_json | format(sql)) }}
{% endmacro %}
