{#- The MERGE that writes the final state of records, whatever the live hooks managed to write: one JSON document with a row each,
    turned into rows by the warehouse. A row that a live hook wrote keeps the warehouse's clock: its start stays, an end that is
    missing is its start and dbt's duration (for the job: now), and the timeline is put onto the same clock.
    `records` is the text between the quotes of a literal, as json_body() gives it. -#}
{% macro merge_records(records) %}
  {%- set state = exec_logger.run_state() -%}
  {%- set words = state.words -%}
  {%- set start = 'coalesce(log_.execution_start_tmstp, final_.execution_start_tmstp)' -%}
  {%- set end %}
    {%- set moved = words.moved | format(
      at='log_.execution_start_tmstp', start='final_.execution_start_tmstp', end='final_.execution_end_tmstp') -%}
    coalesce(log_.execution_end_tmstp, case when final_.record_type = 'JOB' then final_.moment else {{ moved }} end, final_.execution_end_tmstp)
  {%- endset -%}
  {%- set stamped -%}
    coalesce(replace(replace({{ words.as_text | format('final_.step_execution_obj') }}
      , {{ words.stamp | format('final_.execution_start_tmstp') }}, {{ words.stamp | format(start) }})
      , {{ words.stamp | format('final_.execution_end_tmstp') }}, {{ words.stamp | format(end) }})
      , {{ words.as_text | format('final_.step_execution_obj') }})
  {%- endset -%}
  {%- set columns = state.columns | rejectattr('data_type', 'equalto', 'identity') | list -%}
  {%- set row_columns = [] -%}
  {%- for column in columns -%}
    {%- do row_columns.append(words.row_column | format(name=column.name, type=words.types.get(column.data_type, column.data_type))) -%}
  {%- endfor -%}
  {%- set changed = {
    'execution_start_tmstp': start,
    'extract_start_tmstp': start,
    'execution_end_tmstp': end,
    'extract_end_tmstp': end,
    'process_config_obj': 'coalesce(final_.process_config_obj, log_.process_config_obj)',
    'step_execution_obj': words.as_json | format(stamped),
    'update_tmstp': 'final_.moment',
  } -%}
  {%- set kept = ['process_config_sk', 'process_step_id', 'insert_tmstp', 'deleted_ind'] -%}
  {%- set names = [] -%}
  {%- set values = [] -%}
  {%- set changes = [] -%}
  {%- for column in columns -%}
    {%- do names.append(column.name) -%}
    {%- do values.append('final_.' ~ ('moment' if column.name in ('insert_tmstp', 'update_tmstp') else column.name)) -%}
    {%- if column.name not in kept -%}
      {%- do changes.append(column.name ~ ' = ' ~ changed.get(column.name, 'final_.' ~ column.name)) -%}
    {%- endif -%}
  {%- endfor -%}
merge into {{ state.relation }} as log_
using (
{{ words.rows | format(columns=row_columns | join(', '), document="'[" ~ records ~ "]'", now=words.now | format(client=exec_logger.utc_text())) }}
) as final_
on log_.process_step_id = final_.process_step_id and log_.insert_tmstp >= '{{ state.not_before }}'
when matched then update set {{ changes | join(', ') }}
when not matched then insert ({{ names | join(', ') }})
values ({{ values | join(', ') }})
{% endmacro %}
