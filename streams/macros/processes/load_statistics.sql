{#- The statistics of a load as SQL, a JSON object. `source` none: nothing is known of what was processed. -#}
{% macro load_statistics(state, source, target, stream) %}
  {%- set settings = state.settings -%}
  {%- set figures = {} -%}
  {%- for figure in ['count(*)', 'avg(data_quality_score)', 'min(data_quality_score)'] -%}
    {%- do figures.update({figure: '(select ' ~ figure ~ ' from ' ~ source ~ ')' if source else 'cast(null as integer)'}) -%}
  {%- endfor -%}
  {{ return(exec_logger_streams.sql_object(state, {
    'records_processed': figures['count(*)'],
    'records_loaded': exec_logger_streams.loaded_count(state, target),
    'quality_score_avg': figures['avg(data_quality_score)'],
    'quality_score_min': figures['min(data_quality_score)'],
    'load_duration_minutes': exec_logger_streams.load_minutes(state),
    'warehouse_used': exec_logger_streams.sql_value(state, settings.dcf_load_warehouse),
    'processing_date': exec_logger_streams.instance_value(state, 'prcs_date'),
    'batch_id': exec_logger_streams.instance_value(state, 'batch_id'),
  })) }}
{% endmacro %}

{#- unique_id of the target model; whether this run builds it; and, as SQL, the instances that loaded for the same date and batch. -#}
{% macro target_load(state) %}
  {%- set name = state.settings.dcf_target_model -%}
  {%- set found = graph.nodes.values() | selectattr('name', 'equalto', name) | map(attribute='unique_id') | list -%}
  {%- set unique_id = found[0] if found else '' -%}
  {%- set same -%}
    select prcs_inst_id from {{ state.tables.dcf_t_prcs_inst }}
    where strm_name = {{ exec_logger_streams.sql_value(state, state.settings.stream_name) }}
      and coalesce(prcs_date, '') = coalesce({{ exec_logger_streams.instance_value(state, 'prcs_date') }}, '')
      and coalesce(batch_id, '') = coalesce({{ exec_logger_streams.instance_value(state, 'batch_id') }}, '')
  {%- endset -%}
  {{ return({'unique_id': unique_id, 'here': unique_id in selected_resources or unique_id == model.unique_id, 'same': same}) }}
{% endmacro %}

{#- How many rows of the target this run has loaded, as SQL: by the audit column (a restart counts what the run that it takes up has
    loaded), else by the time in load_timestamp (of a mere date, as in the seed: today); else all. -#}
{% macro loaded_count(state, target) %}
  {%- set condition = state.settings.dcf_loaded_condition -%}
  {%- if not condition and execute -%}
    {%- set types = {} -%}
    {%- for column in adapter.get_columns_in_relation(target) -%}{%- do types.update({column.name | lower: column.dtype | lower}) -%}{%- endfor -%}
    {%- if 'dcf_process_instance_id' in types -%}
      {%- set load = exec_logger_streams.target_load(state) -%}
      {%- set instances = exec_logger_streams.instance_id(state.settings.stream_name) if load.here else load.same -%}
      {%- set condition = 'dcf_process_instance_id in (' ~ instances ~ ')' -%}
    {%- elif types.load_timestamp == 'date' -%}
      {%- set condition = 'load_timestamp = current_date' -%}
    {%- elif 'load_timestamp' in types -%}
      {%- set condition = exec_logger_streams.loaded_in_this_run(state) -%}
    {%- endif -%}
  {%- endif -%}
  {{ return('(select count(*) from ' ~ target ~ (' where ' ~ condition if condition else '') ~ ')') }}
{% endmacro %}

{#- A condition: load_timestamp lies between the start of the run that loaded and now. Nobody knows whether the model wrote it by UTC or by
    the session's clock: either will do. -#}
{% macro loaded_in_this_run(state) %}
  {%- set load = exec_logger_streams.target_load(state) -%}
  {%- if load.here -%}
    {#- the model may have written the time at which dbt started, by the client's clock -#}
    {%- set started = state.words.time.replace('%(text)s', exec_logger.utc_texts([run_started_at])[0]) -%}
    {%- set start = 'least(' ~ started ~ ', coalesce(' ~ exec_logger_streams.instance_value(state, 'prcs_start_ts') ~ ', ' ~ started ~ '))' -%}
  {%- else -%}
    {%- set start = '(select max(prcs_start_ts) from ' ~ state.tables.dcf_t_prcs_inst ~ ' where prcs_inst_id in (select prcs_inst_id from '
      ~ state.tables.dcf_t_prcs_exec_log ~ " where prcs_status = 'COMPLETED' and node_unique_id = "
      ~ exec_logger_streams.sql_value(state, load.unique_id) ~ ' and prcs_inst_id in (' ~ load.same ~ ')))' -%}
  {%- endif -%}
  {%- set ranges = [] -%}
  {%- for clock in ['%(time)s', state.words.session_time] -%}
    {%- do ranges.append('cast(load_timestamp as timestamp) between ' ~ clock.replace('%(time)s', start)
      ~ ' and ' ~ clock.replace('%(time)s', exec_logger_streams.sql_now(state))) -%}
  {%- endfor -%}
  {{ return('(' ~ ranges | join(' or ') ~ ')') }}
{% endmacro %}

{#- Minutes since the first model of the stream began, with two decimals, as SQL. A clock read in one statement stands still, so that
    the difference of two would always be nothing. -#}
{% macro load_minutes(state) %}
  {%- set seconds = state.words.seconds.replace('%(start)s', exec_logger_streams.instance_value(state, 'prcs_start_ts'))
    .replace('%(end)s', exec_logger_streams.sql_now(state)) -%}
  {{ return('cast(' ~ seconds ~ ' / 60.0 as decimal(18, 2))') }}
{% endmacro %}

{% macro configure_load_warehouse() %}
  {{- exec_logger_streams.stream_settings().dcf_load_warehouse -}}
{% endmacro %}

{% macro get_credits_consumed() %}
  {%- set rate = exec_logger_streams.stream_settings().dcf_credits_per_hour -%}
  {%- if rate is none or not execute -%}
    cast(null as decimal(18, 6))
  {%- else -%}
    {%- set state = exec_logger_streams.stream_state() -%}
    cast({{ rate | float }} * {{ exec_logger_streams.load_minutes(state) }} / 60.0 as decimal(18, 6))
  {%- endif -%}
{% endmacro %}
