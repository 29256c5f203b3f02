{#- PROCESS_CONFIG_OBJ of a job: how dbt was called, by whom, and what it set out to run. Pure. -#}
{% macro job_config(state) %}
  {%- set args = invocation_args_dict -%}
  {%- set settings = state.settings -%}
  {%- set schema_source = graph.sources['source.exec_logger.exec_logger.process_execution_log'] -%}
  {%- set config = {
    'invocation_id': invocation_id, 'project_name': project_name, 'target_name': target.name, 'target_type': adapter.type(),
    'dbt_version': dbt_version, 'package_version': schema_source.meta.package_version, 'command': state.which,
    'invocation_command': exec_logger.bounded_text(args.invocation_command, 20000), 'selector': args.selector or none,
    'full_refresh': flags.FULL_REFRESH or false, 'vars': {}, 'vars_hidden': [],
  } -%}
  {%- for name in ['warehouse', 'role', 'user', 'threads'] -%}{%- do config.update({name: target.get(name)}) -%}{%- endfor -%}
  {%- set job_name = [state.which] -%}
  {%- for option in ['select', 'exclude', 'selector'] -%}
    {%- set value = args.get(option) or [] -%}
    {%- set words = [value] if value is string else value | list -%}
    {%- if option != 'selector' -%}{%- do config.update({option: words}) -%}{%- endif -%}
    {%- if words -%}{%- do job_name.append('--' ~ option ~ ' ' ~ words | join(' ')) -%}{%- endif -%}
  {%- endfor -%}
  {%- set job_name = env_var('DBT_EXECLOG_JOB', '') or settings.job_name or job_name | join(' ') -%}
  {%- set attempt_no = env_var('DBT_EXECLOG_ATTEMPT', '') | int(1) -%}
  {%- do config.update({
    'job_name': job_name, 'run_type': env_var('DBT_EXECLOG_RUN_TYPE', '') or 'FULL_BUILD',
    'restart_of': env_var('DBT_EXECLOG_RESTART_OF', '') or none, 'attempt_no': attempt_no,
  }) -%}
  {%- set host = env_var('DBT_EXECLOG_HOST', '') -%}
  {%- if host -%}{%- do config.update({'host': host, 'pid': env_var('DBT_EXECLOG_PID', '') | int}) -%}{%- endif -%}
  {%- set cloud = {} -%}
  {%- for name in ['account_id', 'project_id', 'job_id', 'run_id', 'environment_id', 'run_reason', 'run_reason_category', 'git_branch'] -%}
    {%- do cloud.update({name: env_var('DBT_CLOUD_' ~ name | upper, '') or none}) -%}
  {%- endfor -%}
  {%- do config.update({'dbt_cloud': cloud, 'git_sha': none}) -%}
  {%- for name in ['BUILD_SOURCEVERSION', 'BITBUCKET_COMMIT', 'CI_COMMIT_SHA', 'GITHUB_SHA', 'DBT_CLOUD_GIT_SHA'] -%}
    {%- set git_sha = env_var(name, '') -%}
    {%- if git_sha -%}{%- do config.update({'git_sha': git_sha}) -%}{%- endif -%}
  {%- endfor -%}
  {%- if args.vars -%}{%- do exec_logger.log_vars(settings, args, config) -%}{%- endif -%}
  {%- if state.plan is none -%}
    {%- do config.update({'plan_omitted': 'dbt does not say what it retries'}) -%}
  {%- elif state.plan | join | length > 350000 -%}
    {%- do config.update({'plan_omitted': 'larger than 400 KB', 'plan_size': state.plan | length}) -%}
  {%- else -%}
    {%- do config.update({'plan': state.plan}) -%}
  {%- endif -%}
  {{ return(config) }}
{% endmacro %}

{#- Puts the vars of the command line into a job's config, without the values that are not to be stored; `vars_hidden` names those. -#}
{% macro log_vars(settings, args, config) %}
  {%- set vars = exec_logger.json_safe(args.vars) -%}
  {%- if settings.log_vars and vars is mapping -%}
    {%- do config.update({'vars': exec_logger.redacted(vars, settings.redact, config.vars_hidden)}) -%}
  {%- else -%}
    {%- do config.vars_hidden.extend(vars) -%}
  {%- endif -%}
  {%- if config.vars_hidden -%}
    {#- the quotes of the command line are lost, so nobody can tell where the vars end in it -#}
    {%- do config.update({
      'invocation_command': modules.re.sub('(\\s--vars)[\\s=].*', '\\1 ***', config.invocation_command, flags=modules.re.DOTALL),
    }) -%}
  {%- endif -%}
{% endmacro %}

{#- Vars without the values whose names match one of the patterns, at any depth. `hidden` receives the names. -#}
{% macro redacted(value, patterns, hidden) %}
  {%- set shown = {} -%}
  {%- for name, item in value.items() -%}
    {%- set secret = modules.re.search(patterns | join('|'), name, modules.re.IGNORECASE) if patterns else none -%}
    {%- if secret -%}{%- do hidden.append(name) -%}{%- endif -%}
    {%- set item = exec_logger.redacted(item, patterns, hidden) if item is mapping and not secret else item -%}
    {%- do shown.update({name: '***' if secret else item}) -%}
  {%- endfor -%}
  {{ return(shown) }}
{% endmacro %}
