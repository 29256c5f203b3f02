{#- Every variable of this package with its default: the only place where a default stands. A value given with --vars comes
    first, then the root project's `vars: exec_logger:`, then its plain `vars:`. Returns a dict without the `execlog_` prefix. -#}
{% macro settings() %}
  {%- set defaults = {
    'enabled': true,
    'database': target.database,
    'schema': target.schema,
    'table': 'PROCESS_EXECUTION_LOG',
    'auto_create': true,
    'commands': ['run', 'build', 'seed', 'snapshot', 'test'],
    'on_error': 'warn',
    'row_counts': 'auto',
    'job_name': '',
    'log_vars': true,
    'redact': ['passw', 'secret', 'token', 'credential', 'api_?key', 'private_?key'],
    'models': false,
    'max_retry_age_hours': 24,
    'max_retries': 3,
  } -%}
  {%- set scoped = var('exec_logger', {}) or {} -%}
  {%- set given = invocation_args_dict.vars if invocation_args_dict.vars is mapping else {} -%}
  {%- set found = {} -%}
  {%- for name, default in defaults.items() -%}
    {%- set variable = 'execlog_' ~ name -%}
    {%- set value = given.get(variable, scoped.get(variable, var(variable, none))) -%}
    {%- if value is none -%}
      {%- set value = default -%}
    {%- elif default is boolean -%}
      {#- a value that came through env_var() is text, and the text 'false' is true to Jinja -#}
      {%- set value = (value | string | lower) in ('true', '1', 'yes', 'on', 'y', 't') -%}
    {%- endif -%}
    {%- do found.update({name: value}) -%}
  {%- endfor -%}
  {{ return(found) }}
{% endmacro %}
