{#- The UPDATE that closes the row which the pre-hook inserted. The row's own start stays; its end is the warehouse's now. The bound
    on INSERT_TMSTP keeps the warehouse from reading the whole log for one id. -#}
{% macro update_record(state, record) %}
  {%- set words = state.words -%}
  {%- set values = exec_logger.literals(words, record) -%}
  {%- set end = record.execution_end_tmstp -%}
  {%- set step = exec_logger.with_time(words, values.step_execution_obj, record.execution_start_tmstp, 'execution_start_tmstp') -%}
  {%- set step = exec_logger.with_time(words, step, end, 'clock_.moment') -%}
update {{ state.relation }}
set
  execution_status_name = {{ values.execution_status_name }},
  execution_completed_ind = {{ values.execution_completed_ind }},
  execution_end_tmstp = clock_.moment,
  extract_end_tmstp = clock_.moment,
  source_data_cnt = {{ values.source_data_cnt }},
  step_execution_obj = {{ words.as_json | format(step) }},
  update_tmstp = clock_.moment
from (select {{ words.now.replace('%(client)s', end) }} as moment) as clock_
where process_step_id = {{ values.process_step_id }} and insert_tmstp >= '{{ state.not_before }}'
{% endmacro %}
