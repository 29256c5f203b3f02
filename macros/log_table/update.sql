{#- The UPDATE that closes the row which the pre-hook inserted. The row's own start stays; its end is the warehouse's now. The bound
    on INSERT_TMSTP keeps the warehouse from reading the whole log for one id. -#}
{% macro update_record(record) %}
  {%- set state = exec_logger.run_state() -%}
  {%- set words = state.words -%}
  {%- set live = {
    'execution_end_tmstp': 'clock_.moment',
    'extract_end_tmstp': 'clock_.moment',
    'step_execution_obj': exec_logger.with_times(
        exec_logger.literal(record.step_execution_obj),
        record.execution_start_tmstp, 'log_.execution_start_tmstp', record.execution_end_tmstp, 'clock_.moment'),
    'update_tmstp': 'clock_.moment',
  } -%}
  {%- set changes = [] -%}
  {%- for name in ['execution_status_name', 'execution_completed_ind', 'source_data_cnt'] -%}
    {%- do changes.append(name ~ ' = ' ~ exec_logger.literal(record[name])) -%}
  {%- endfor -%}
  {%- for name, sql in live.items() -%}{%- do changes.append(name ~ ' = ' ~ sql) -%}{%- endfor -%}
  {{ return(
    'update ' ~ state.relation ~ ' as log_ set ' ~ changes | join(', ')
    ~ '\nfrom (select ' ~ (words.now | format(client=exec_logger.utc_text())) ~ ' as moment) as clock_'
    ~ '\nwhere log_.process_step_id = ' ~ exec_logger.literal(record.process_step_id)
    ~ " and log_.insert_tmstp >= '" ~ state.not_before ~ "'"
  ) }}
{% endmacro %}
