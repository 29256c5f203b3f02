{#- The UPDATE that closes the row which the pre-hook inserted, to be filled with (client, document): made once per run. The row's own
    start stays; its end is the warehouse's now. The bound on INSERT_TMSTP keeps the warehouse from reading the whole log for one id. -#}
{% macro update_statement(state) %}
  {%- set names = 'process_step_id execution_status_name execution_completed_ind execution_start_tmstp execution_end_tmstp
    source_data_cnt step_execution_obj'.split() -%}
update {{ state.relation }} log_
set
  execution_status_name = final_.execution_status_name,
  execution_completed_ind = final_.execution_completed_ind,
  execution_end_tmstp = final_.update_tmstp,
  extract_end_tmstp = final_.update_tmstp,
  source_data_cnt = final_.source_data_cnt,
  step_execution_obj = {{ state.words.final_step.replace('%(start)s', 'log_.execution_start_tmstp').replace('%(end)s', 'final_.update_tmstp') }},
  update_tmstp = final_.update_tmstp
from {{ exec_logger.record_rows(state, names) }}
where log_.process_step_id = final_.process_step_id and log_.insert_tmstp >= '{{ state.not_before }}'
{% endmacro %}
