{#- What stands in the SELECT of the orchestration model. Nothing here writes: the model is rendered by `dbt compile`, too. What it asks
    for is done by finalize_load_orchestration, in the model's own transaction. -#}

{% macro execute_incremental_load() %}
  {%- set target_model = ref(exec_logger_streams.stream_settings().dcf_target_model) -%}
  {#- the model may ask for another score than the variable does: where it asks for less, nothing was loaded -#}
  {%- set ready = exec_logger_streams.ready_for_loading() -%}
  {%- if execute -%}
    {%- set state = exec_logger_streams.stream_state() -%}
    {%- set load = exec_logger_streams.target_load(state) -%}
    {%- if load.here -%}
      {#- dbt runs it before this model, and would not be here if it had failed -#}
case when {{ ready }} then 'SUCCESS' else 'SKIPPED' end
    {%- else -%}
      {#- a restart: it was loaded by an earlier run for the same date and batch -#}
case
  when not {{ ready }} then 'SKIPPED'
  when (
    select count(*) from {{ state.tables.dcf_t_prcs_exec_log }}
    where prcs_status = 'COMPLETED' and node_unique_id = {{ exec_logger_streams.sql_value(state, load.unique_id) }}
      and prcs_inst_id in ({{ load.same }})
  ) > 0 then 'SUCCESS'
  else 'NOT_RUN'
end
    {%- endif -%}
  {%- else -%}
    'SUCCESS'
  {%- endif -%}
{% endmacro %}

{% macro ready_for_loading() %}
  {%- set settings = exec_logger_streams.stream_settings() -%}
(
  select coalesce(avg(data_quality_score), {{ settings.dcf_quality_threshold | float }} - 1)
  from {{ ref(settings.dcf_source_model) }} where final_processing_status = 'READY_FOR_LOADING'
) >= {{ settings.dcf_quality_threshold | float }}
{%- endmacro %}

{% macro capture_load_statistics() %}
  {%- set settings = exec_logger_streams.stream_settings() -%}
  {%- set source, target_model = ref(settings.dcf_source_model), ref(settings.dcf_target_model) -%}
  {%- if execute -%}
    {{- exec_logger_streams.load_statistics(exec_logger_streams.stream_state(), source, target_model, settings.stream_name) -}}
  {%- endif -%}
{% endmacro %}

{% macro update_process_metadata(process_name, statistics_object) %}
  {%- if execute -%}
    {%- do exec_logger_streams.stream_state().asked.update({'process': [process_name, statistics_object, model.unique_id]}) -%}
  {%- endif -%}
  'METADATA_UPDATED'
{%- endmacro %}

{% macro manage_data_lifecycle() %}
  {%- if execute -%}{%- do exec_logger_streams.stream_state().asked.update({'lifecycle': true}) -%}{%- endif -%}
  'LIFECYCLE_MANAGED'
{%- endmacro %}

{% macro dcf_audit_columns(process_name) %}
  {%- set settings = exec_logger_streams.stream_settings() -%}
  {%- if execute -%}
    {%- set state = exec_logger_streams.stream_state() -%}
    {{ exec_logger_streams.sql_value(state, process_name | string) }} as dcf_process_name,
    {{ exec_logger_streams.sql_value(state, settings.stream_name) }} as dcf_stream_name,
    {{ exec_logger_streams.instance_id(settings.stream_name) }} as dcf_process_instance_id,
    {{ exec_logger_streams.sql_value(state, invocation_id) }} as dcf_invocation_id,
    {{ exec_logger_streams.sql_now(state) }} as dcf_load_ts
  {%- endif -%}
{% endmacro %}
