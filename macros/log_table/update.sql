{#- The UPDATE that closes the row which the pre-hook inserted. The row's own start stays; its end is the warehouse's now. The bound on
    INSERT_TMSTP keeps the warehouse from reading the whole log for one id. -#}
{% macro update_statement(state, record, now) %}
  {%- set values = exec_logger.column_values(state, record, 'log_.execution_start_tmstp') -%}
update {{ state.relation }} log_
set
  {% for name in 'execution_status_name execution_completed_ind execution_end_tmstp extract_end_tmstp source_data_cnt step_execution_obj'.split() -%}
  {{ name }} = {{ values[name] }}, {% endfor %}update_tmstp = now_
from (select {{ now }} as now_) as clock_
where log_.process_step_id = {{ values.process_step_id }} and log_.insert_tmstp >= {{ state.not_before }}
{%- endmacro %}
