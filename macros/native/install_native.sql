{#- Runs, or with dry_run prints, native_statements(). Snowflake alone runs dbt inside the warehouse. -#}
{% macro install_native(dbt_project, warehouse=none, task=none, schedule=none, dbt_command='build', job_name=none, dry_run=false) %}
  {%- if adapter.type() != 'snowflake' -%}
    {%- do exceptions.raise_compiler_error(
      "exec_logger: only Snowflake runs dbt inside the warehouse, and the target '" ~ target.name ~ "' is of the type " ~ adapter.type()
      ~ '. Elsewhere, run `execlog restart`.') -%}
  {%- endif -%}
  {%- set names = {'dbt_project': [dbt_project, 3], 'warehouse': [warehouse or target.warehouse, 1], 'task': [task, 1]} -%}
  {%- for what, name in names.items() if name[0] or what == 'dbt_project' or (what == 'warehouse' and task) -%}
    {%- set part = '(?:[A-Za-z_][0-9A-Za-z_$]*|"(?:[^"\\n]|"")+")' -%}
    {%- if '$$' in name[0] | string or not modules.re.fullmatch('[.]'.join([part] * name[1]), name[0] or '') -%}
      {%- do exceptions.raise_compiler_error(
        'exec_logger: ' ~ what ~ ' is not ' ~ ('a name of the form DATABASE.SCHEMA.NAME' if name[1] == 3 else 'a name') ~ ': ' ~ name[0]
        ~ '. Put "…" around a part that has other characters than letters, digits, _ and $.') -%}
    {%- endif -%}
  {%- endfor -%}
  {%- if (task and not schedule) or (schedule and not task) -%}
    {%- do exceptions.raise_compiler_error('exec_logger: task and schedule belong together. Give both or none.') -%}
  {%- endif -%}
  {%- set statements = exec_logger.native_statements(
    dbt_project, warehouse or target.warehouse, task, schedule, dbt_command, job_name or exec_logger.settings().job_name) -%}
  {%- for statement_ in statements -%}
    {%- if dry_run -%}
      {%- do print(statement_ ~ ('' if statement_.startswith('--') else ';') ~ '\n') -%}
    {%- elif not statement_.startswith('--') -%}
      {%- do run_query(statement_) -%}
    {%- endif -%}
  {%- endfor -%}
  {%- if not dry_run -%}
    {%- do log('exec_logger: ' ~ (['RUN_DBT_AUTO_RESTART', task] | select | join(' and ')) ~ (' are' if task else ' is') ~ ' ready.', info=true) -%}
  {%- endif -%}
{% endmacro %}
