{#- Every variable of this package with its default: the only place where a default stands. A value given with --vars comes
    first, then the root project's `vars: exec_logger:`, then its plain `vars:`. Returns a dict without the `execlog_` prefix. -#}
{% macro settings() %}
  {%- set found = fromjson('{
    "enabled": true,
    "auto_create": true,
    "commands": ["run", "build", "seed", "snapshot", "test"],
    "on_error": "warn",
    "row_counts": "auto",
    "job_name": "",
    "log_vars": true,
    "redact": ["passw", "secret", "token", "credential", "api_?key", "private_?key"],
    "models": false,
    "max_retry_age_hours": 24,
    "max_retries": 3,
    "stale_after_minutes": 60,
    "cost_models": false,
    "account_usage": "SNOWFLAKE.ACCOUNT_USAGE",
    "rate_sheet": "auto",
    "credit_price_usd": 3.00,
    "cost_lookback_days": 3,
    "savings_window_days": 30,
    "savings_summary_days": 30,
    "table": "PROCESS_EXECUTION_LOG"
  }') -%}
  {%- do found.update({'database': target.database, 'schema': target.schema}) -%}
  {%- set scoped = var('exec_logger', {}) -%}
  {%- set given = invocation_args_dict.vars if invocation_args_dict.vars is mapping else {} -%}
  {%- for name, default in found.items() -%}
    {%- set variable = 'execlog_' ~ name -%}
    {%- set value = given.get(variable, scoped.get(variable, var(variable, none))) -%}
    {%- if value is not none -%}
      {#- a value that came through env_var() is text, and the text 'false' is true to Jinja -#}
      {%- set value = (value | string | lower) in ['true', '1', 'yes', 'on'] if default is boolean else value -%}
      {%- do found.update({name: value}) -%}
    {%- endif -%}
  {%- endfor -%}
  {{ return(found) }}
{% endmacro %}
