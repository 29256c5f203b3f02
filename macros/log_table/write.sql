{#- Every write to the log table goes through here. Returns SQL for the hook to run: nothing where the write has been made under the
    warehouse's own error guard (then `what` and the error are remembered for the warning at the end of the run), else the statement
    itself, whose failure fails the hook. `what` names the records, for the warning. -#}
{% macro write(statement, what) %}
  {%- set state = exec_logger.run_state() -%}
  {%- if state.settings.on_error == 'fail' -%}{{ return(statement) }}{%- endif -%}
  {%- if not state.words.guard -%}
    {%- if state.settings.auto_create -%}
      {%- set create = exec_logger.create_statements(state.relation, state.columns, state.words) | join(';\n') -%}
      {{ return(create ~ ';\n' ~ statement) }}
    {%- elif adapter.get_relation(state.relation.database, state.relation.schema, state.relation.identifier) is none -%}
      {%- do exec_logger.remember_problem(what, 'the table ' ~ state.relation ~ ' does not exist') -%}
      {{ return('') }}
    {%- endif -%}
    {{ return(statement) }}
  {%- endif -%}
  {%- set problem = exec_logger.first_value(state.words.guard | format(statement)) -%}
  {%- if problem is string and problem -%}{%- do exec_logger.remember_problem(what, problem) -%}{%- endif -%}
  {{ return('') }}
{% endmacro %}

{#- Runs a statement in the session and transaction of the hook; returns the first value of its result. -#}
{% macro first_value(statement) %}
  {%- set _, table = adapter.execute(statement, auto_begin=false, fetch=true) -%}
  {{ return(table.rows[0][0] if table.rows | length else none) }}
{% endmacro %}

{#- A problem is told once, at the end of the run (warn_of_problems); without a shared state, at once. -#}
{% macro remember_problem(what, message) %}
  {%- set state = exec_logger.run_state() -%}
  {%- do log('exec_logger: could not write ' ~ what ~ ': ' ~ message) -%}
  {%- do state.problems.append({'what': what, 'message': message}) -%}
  {%- if not state.shared -%}{%- do exec_logger.warn_of_problems(state, false) -%}{%- endif -%}
{% endmacro %}

{#- One warning for all writes of the run that failed. It is a log line, not dbt's own warning: `dbt --warn-error` would turn that into
    a failed run. -#}
{% macro warn_of_problems(state, ended_well) %}
  {%- if state.problems -%}
    {%- set first = state.problems[0] -%}
    {%- set more = ' (and ' ~ (state.problems | length - 1) ~ ' more)' if state.problems | length > 1 else '' -%}
    {%- set outcome = 'The final state of the run is logged all the same.' if ended_well else
      'Your models are not affected, but the log of ' ~ state.job_id ~ ' is incomplete. Check the table and your privileges on it, or run `dbt run-operation exec_logger.install`.' -%}
    {%- do log(
      '[WARNING] exec_logger could not write ' ~ first.what ~ more ~ ' to ' ~ state.relation ~ ': '
      ~ (first.message | string | trim).replace('\n', ' ')[:500] ~ '. ' ~ outcome, info=true) -%}
  {%- endif -%}
{% endmacro %}
