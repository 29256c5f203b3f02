{#- Every variable of this package with its default: the only place where a default stands. A value given with --vars comes first, then
    the root project's `vars: exec_logger_streams:`, its `vars: <project>:`, and its plain `vars:`, in hooks and operations alike. -#}
{% macro stream_settings() %}
  {%- set found = {
    'stream_name': 'BCFINSG_PLAN_BALN_SEGM_LOAD',
    'run_stream_process_date': none,
    'ods_batch_id': none,
    'dcf_database': target.database,
    'dcf_schema': target.schema,
    'dcf_source_model': 'int_bcfinsg_validated',
    'dcf_target_model': 'fct_plan_baln_segm_mstr',
    'dcf_loaded_condition': none,
    'dcf_quality_threshold': 70,
    'dcf_high_quality': 85,
    'dcf_medium_quality': 70,
    'dcf_retention_days': 2555,
    'dcf_stale_after_minutes': 60,
    'dcf_load_warehouse': target.warehouse or target.name,
    'dcf_credits_per_hour': none,
  } -%}
  {%- set scopes = [] -%}
  {%- for scope in [invocation_args_dict.vars, var('exec_logger_streams', {}), var(project_name, {})] if scope is mapping -%}
    {%- do scopes.append(scope) -%}
  {%- endfor -%}
  {%- for name in found -%}
    {%- set scoped = scopes | selectattr(name, 'defined') | first -%}
    {%- set value = scoped[name] if scoped else var(name, none) -%}
    {%- if value is not none -%}{%- do found.update({name: value}) -%}{%- endif -%}
  {%- endfor -%}
  {{ return(found) }}
{% endmacro %}
