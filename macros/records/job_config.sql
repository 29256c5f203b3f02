{#- PROCESS_CONFIG_OBJ of a job: how dbt was called, by whom, and what it set out to run. Pure. -#}
{% macro job_config(state) %}
  {%- set args = invocation_args_dict -%}
  {%- set settings = state.settings -%}
  {%- set hidden = [] -%}
  {%- set vars = exec_logger.redacted(exec_logger.json_safe(args.vars), settings.redact, hidden) if args.vars is mapping else {} -%}
  {%- set command_line = args.invocation_command | default('', true) -%}
  {%- if (vars and not settings.log_vars) or hidden -%}
    {#- the quotes of the command line are lost, so nobody can tell where the vars end in it -#}
    {%- set command_line = modules.re.sub('(\\s--vars)[\\s=].*', '\\1 ***', command_line, flags=modules.re.DOTALL) -%}
  {%- endif -%}
  {%- set config = {
    'invocation_id': invocation_id,
    'project_name': project_name,
    'target_name': target.name,
    'target_type': adapter.type(),
    'warehouse': target.warehouse | default(none),
    'role': target.role | default(none),
    'user': target.user | default(none),
    'threads': target.threads | default(none),
    'dbt_version': dbt_version,
    'package_version': graph.sources['source.exec_logger.exec_logger.process_execution_log'].meta.package_version,
    'command': state.which,
    'invocation_command': exec_logger.bounded_text(command_line, 20000),
    'select': exec_logger.as_list(args.select),
    'exclude': exec_logger.as_list(args.exclude),
    'selector': args.selector | default(none, true),
    'full_refresh': flags.FULL_REFRESH | default(false, true),
    'vars': vars if settings.log_vars else {},
    'vars_hidden': hidden if settings.log_vars else vars.keys() | list,
    'job_name': exec_logger.job_name(state),
    'run_type': env_var('DBT_EXECLOG_RUN_TYPE', '') or 'FULL_BUILD',
    'restart_of': env_var('DBT_EXECLOG_RESTART_OF', '') or none,
    'attempt_no': env_var('DBT_EXECLOG_ATTEMPT', '1') | int(1),
    'git_sha': exec_logger.first_env(['DBT_CLOUD_GIT_SHA', 'GITHUB_SHA', 'CI_COMMIT_SHA', 'BITBUCKET_COMMIT', 'BUILD_SOURCEVERSION']),
    'dbt_cloud': {
      'account_id': exec_logger.first_env(['DBT_CLOUD_ACCOUNT_ID']),
      'project_id': exec_logger.first_env(['DBT_CLOUD_PROJECT_ID']),
      'job_id': exec_logger.first_env(['DBT_CLOUD_JOB_ID']),
      'run_id': exec_logger.first_env(['DBT_CLOUD_RUN_ID']),
      'environment_id': exec_logger.first_env(['DBT_CLOUD_ENVIRONMENT_ID']),
      'run_reason': exec_logger.first_env(['DBT_CLOUD_RUN_REASON']),
      'run_reason_category': exec_logger.first_env(['DBT_CLOUD_RUN_REASON_CATEGORY']),
      'git_branch': exec_logger.first_env(['DBT_CLOUD_GIT_BRANCH']),
    },
  } -%}
  {%- if env_var('DBT_EXECLOG_HOST', '') -%}
    {%- do config.update({'host': env_var('DBT_EXECLOG_HOST'), 'pid': env_var('DBT_EXECLOG_PID', '0') | int}) -%}
  {%- endif -%}
  {%- if state.plan is none -%}
    {%- do config.update({'plan_omitted': 'dbt does not say what it retries'}) -%}
  {%- elif tojson(state.plan) | length > 400000 -%}
    {%- do config.update({'plan_omitted': 'larger than 400 KB', 'plan_size': state.plan | length}) -%}
  {%- else -%}
    {%- do config.update({'plan': state.plan}) -%}
  {%- endif -%}
  {{ return(config) }}
{% endmacro %}

{#- The name under which a restart finds the job again: given, or the command and its selection (`run --select tag:hourly`). -#}
{% macro job_name(state) %}
  {%- set args = invocation_args_dict -%}
  {%- set parts = [state.which] -%}
  {%- for option in ['select', 'exclude', 'selector'] if args.get(option) -%}
    {%- do parts.append('--' ~ option ~ ' ' ~ exec_logger.as_list(args[option]) | join(' ')) -%}
  {%- endfor -%}
  {{ return(exec_logger.bounded_text(env_var('DBT_EXECLOG_JOB', '') or state.settings.job_name or parts | join(' '), 20000)) }}
{% endmacro %}

{% macro as_list(value) %}
  {{ return([value] if value is string else (value or []) | list) }}
{% endmacro %}

{% macro first_env(names) %}
  {%- for name in names if env_var(name, '') -%}{{ return(env_var(name)) }}{%- endfor -%}
  {{ return(none) }}
{% endmacro %}
