{#- The INSERT of one record by a live hook. The record's own times are the client's; what is written is the warehouse's clock: the
    record's last time becomes now, its start as much earlier as it was, and the timeline says the same. -#}
{% macro insert_record(state, record) %}
  {%- set words = state.words -%}
  {%- set values = exec_logger.literals(words, record) -%}
  {%- set start = record.execution_start_tmstp -%}
  {%- set end = record.execution_end_tmstp -%}
  {%- set start_sql = words.earlier | format(at='clock_.moment', microseconds=record.microseconds) if end else 'clock_.moment' -%}
  {%- set end_sql = 'clock_.moment' if end else 'null' -%}
  {%- set step = exec_logger.with_time(words, values.step_execution_obj, start, start_sql) -%}
  {%- set step = exec_logger.with_time(words, step, end, end_sql) -%}
  {%- do values.update({
    'execution_start_tmstp': start_sql, 'extract_start_tmstp': start_sql, 'execution_end_tmstp': end_sql, 'extract_end_tmstp': end_sql,
    'step_execution_obj': step, 'insert_tmstp': 'clock_.moment', 'update_tmstp': 'clock_.moment',
  }) -%}
  {%- set names = [] -%}
  {%- set row = [] -%}
  {%- for column in state.columns[1:] -%}
    {%- set value = values.get(column.name, 'null') -%}
    {%- do names.append(column.name) -%}
    {%- do row.append(words.as_json | format(value) if column.data_type == 'json' and value != 'null' else value) -%}
  {%- endfor -%}
  {%- set now = words.now.replace('%(client)s', end or start) -%}
insert into {{ state.relation }} ({{ names | join(', ') }})
select {{ row | join(', ') }}
from (select {{ now }} as moment) as clock_
{% endmacro %}

{#- SQL for a JSON text in which a time is replaced by another. The time is unmistakable in it: it has microseconds, and no other value of
    STEP_EXECUTION_OBJ is written in this form. -#}
{% macro with_time(words, json_sql, time, time_sql) %}
  {{ return(json_sql if not time else 'replace(' ~ json_sql ~ ", '" ~ time ~ "', " ~ (words.stamp | format(time_sql)) ~ ')') }}
{% endmacro %}
