{#- PROCESS_CONFIG_OBJ of a job: how dbt was called, by whom, and what it set out to run. Pure. -#}
{% macro job_config(state) %}
  {%- set args = invocation_args_dict -%}
  {%- set values = {
    'invocation_id': invocation_id, 'project_name': project_name, 'target_type': adapter.type(), 'dbt_version': dbt_version,
    'package_version': graph.sources[state.schema_source].meta.package_version, 'which': state.which,
    'command_line': exec_logger.bounded_text(args.invocation_command, 20000), 'full_refresh': flags.FULL_REFRESH or false,
  } -%}
  {%- for name in 'name warehouse role user threads query_tag'.split() -%}{%- do values.update({name: target.get(name)}) -%}{%- endfor -%}
  {%- for name in 'DBT_EXECLOG_JOB DBT_EXECLOG_RUN_TYPE DBT_EXECLOG_RESTART_OF DBT_EXECLOG_ATTEMPT DBT_EXECLOG_HOST DBT_EXECLOG_PID
      DBT_CLOUD_ACCOUNT_ID DBT_CLOUD_PROJECT_ID DBT_CLOUD_JOB_ID DBT_CLOUD_RUN_ID DBT_CLOUD_ENVIRONMENT_ID DBT_CLOUD_RUN_REASON
      DBT_CLOUD_RUN_REASON_CATEGORY DBT_CLOUD_ENVIRONMENT_NAME DBT_CLOUD_ENVIRONMENT_TYPE DBT_CLOUD_INVOCATION_CONTEXT
      DBT_CLOUD_GIT_BRANCH DBT_CLOUD_GIT_SHA
      GITHUB_SHA CI_COMMIT_SHA BITBUCKET_COMMIT BUILD_SOURCEVERSION'.split() -%}
    {%- set value = env_var(name, '') or none -%}
    {%- do values.update({name: value}) -%}
    {%- if value and ('SHA' in name or name.startswith('B')) -%}{%- do values.update({'sha': values.sha or value}) -%}{%- endif -%}
  {%- endfor -%}
  {%- set job_name = [state.which] -%}
  {%- for option in ['select', 'exclude', 'selector', 'resource_types', 'exclude_resource_types'] -%}
    {%- set given = args.get(option) or [] -%}
    {%- set given = [given] if given is string else given | list -%}
    {#- a statement has room for the plan, not for thousands of selectors besides -#}
    {%- if given -%}{%- do job_name.extend(['--' ~ option.replace('_types', '_type').replace('_', '-')] + given) -%}{%- endif -%}
    {%- if given | length > 500 -%}{%- set given = given[:100] + ['… [' ~ given | length ~ ' in all]'] -%}{%- endif -%}
    {%- do values.update({option: given}) -%}
  {%- endfor -%}
  {%- for flag in ['empty', 'sample'] if args[flag] -%}{%- do job_name.append('--' ~ flag) -%}{%- endfor -%}
  {%- set job_name = values.DBT_EXECLOG_JOB or state.settings.job_name or job_name | join(' ') -%}
  {%- if job_name | length > 500 -%}{%- set job_name = job_name[:467] ~ '_' ~ local_md5(job_name) -%}{%- endif -%}
  {%- set run_type = values.DBT_EXECLOG_RUN_TYPE or 'FULL_BUILD' -%}
  {%- set attempt_no = (values.DBT_EXECLOG_ATTEMPT or 1) | int -%}
  {%- set selector = values.selector | first or none -%}
  {%- set pid = values.DBT_EXECLOG_PID and values.DBT_EXECLOG_PID | int -%}
  {%- set sha = values.sha or none -%}
  {%- do values.update({
    'job_name': job_name, 'selector': selector, 'run_type': run_type, 'attempt_no': attempt_no, 'sha': sha, 'pid': pid,
  }) -%}
  {%- set config = exec_logger.shaped('{
    "invocation_id": %(invocation_id)s,
    "project_name": %(project_name)s,
    "target_name": %(name)s,
    "target_type": %(target_type)s,
    "warehouse": %(warehouse)s,
    "role": %(role)s,
    "user": %(user)s,
    "threads": %(threads)s,
    "query_tag": %(query_tag)s,
    "dbt_version": %(dbt_version)s,
    "package_version": %(package_version)s,
    "command": %(which)s,
    "invocation_command": %(command_line)s,
    "select": %(select)s,
    "exclude": %(exclude)s,
    "selector": %(selector)s,
    "full_refresh": %(full_refresh)s,
    "args": {},
    "vars": {},
    "vars_hidden": [],
    "job_name": %(job_name)s,
    "run_type": %(run_type)s,
    "restart_of": %(DBT_EXECLOG_RESTART_OF)s,
    "attempt_no": %(attempt_no)s,
    "git_sha": %(sha)s,
    "host": %(DBT_EXECLOG_HOST)s,
    "pid": %(pid)s,
    "dbt_cloud": {
      "account_id": %(DBT_CLOUD_ACCOUNT_ID)s,
      "project_id": %(DBT_CLOUD_PROJECT_ID)s,
      "job_id": %(DBT_CLOUD_JOB_ID)s,
      "run_id": %(DBT_CLOUD_RUN_ID)s,
      "environment_id": %(DBT_CLOUD_ENVIRONMENT_ID)s,
      "environment_name": %(DBT_CLOUD_ENVIRONMENT_NAME)s,
      "environment_type": %(DBT_CLOUD_ENVIRONMENT_TYPE)s,
      "invocation_context": %(DBT_CLOUD_INVOCATION_CONTEXT)s,
      "run_reason": %(DBT_CLOUD_RUN_REASON)s,
      "run_reason_category": %(DBT_CLOUD_RUN_REASON_CATEGORY)s,
      "git_branch": %(DBT_CLOUD_GIT_BRANCH)s,
      "git_sha": %(DBT_CLOUD_GIT_SHA)s
    }
  }', values) -%}
  {#- what else of the command a restart has to say again -#}
  {%- for name in 'empty fail_fast store_failures defer favor_state state defer_state event_time_start event_time_end'.split() -%}
    {%- if args[name] -%}{%- do config.args.update({name: args[name] if args[name] is boolean else args[name] | string}) -%}{%- endif -%}
  {%- endfor -%}
  {%- for name in ['resource_types', 'exclude_resource_types'] if values[name] -%}
    {%- do config.args.update({name: values[name]}) -%}
  {%- endfor -%}
  {%- if args.sample -%}
    {%- do config.args.update({'sample': "{'start': '" ~ args.sample.start ~ "', 'end': '" ~ args.sample.end ~ "'}"}) -%}
  {%- endif -%}
  {%- if args.vars -%}{%- do exec_logger.log_vars(state.settings, args, config) -%}{%- endif -%}
  {%- if state.plan is none -%}
    {%- do config.update({'plan_omitted': 'dbt does not say what it retries'}) -%}
  {%- elif state.plan | join | length > 650000 -%}
    {%- do config.update({'plan_omitted': 'larger than 700 KB', 'plan_size': state.plan | length}) -%}
  {%- else -%}
    {%- do config.update({'plan': state.plan, 'ephemeral': state.ephemeral}) -%}
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
  {%- if value is mapping -%}
    {%- set shown = {} -%}
    {%- for name, item in value.items() -%}
      {%- set secret = modules.re.search(patterns | join('|'), name, modules.re.IGNORECASE) if patterns else none -%}
      {%- if secret -%}{%- do hidden.append(name) -%}{%- endif -%}
      {%- do shown.update({name: '***' if secret else exec_logger.redacted(item, patterns, hidden)}) -%}
    {%- endfor -%}
    {{ return(shown) }}
  {%- elif value is sequence and value is not string -%}
    {%- set shown = [] -%}
    {%- for item in value -%}{%- do shown.append(exec_logger.redacted(item, patterns, hidden)) -%}{%- endfor -%}
    {{ return(shown) }}
  {%- endif -%}
  {{ return(value) }}
{% endmacro %}
