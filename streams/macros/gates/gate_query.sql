{#- The stream, and one row for each instance that holds it or says RUNNING: strm_id, strm_status, running_inst_id, the other's id, its
    invocation, whether it has been silent for too long, the open business date. -#}
{% macro gate_query(state, stream) %}
  {%- set tables, cutoff = state.tables, exec_logger_streams.stale_before(state) -%}
select
  strm_.strm_id, strm_.strm_status, strm_.running_inst_id,
  coalesce(inst_.prcs_inst_id, strm_.running_inst_id), inst_.invocation_id,
  case
    when coalesce(log_.seen_ts, inst_.updated_ts, inst_.prcs_start_ts, strm_.running_since_ts) < {{ cutoff }}
      and coalesce(inst_.updated_ts, inst_.prcs_start_ts, strm_.running_since_ts) < {{ cutoff }} then 1
    else 0
  end,
  (select cast(max(bus_dt) as varchar) from {{ tables.dcf_t_strm_bus_dt }} where bus_dt_status = 'OPEN'
    and strm_name = {{ exec_logger_streams.sql_value(state, stream) }})
from {{ tables.dcf_t_strm }} as strm_
left join {{ tables.dcf_t_prcs_inst }} as inst_
  on inst_.strm_id = strm_.strm_id and (inst_.prcs_status = 'RUNNING' or inst_.prcs_inst_id = strm_.running_inst_id)
left join (
  select prcs_inst_id, max(updated_ts) as seen_ts from {{ tables.dcf_t_prcs_exec_log }} group by prcs_inst_id
) as log_ on log_.prcs_inst_id = inst_.prcs_inst_id
where strm_.strm_name = {{ exec_logger_streams.sql_value(state, stream) }}
{% endmacro %}
