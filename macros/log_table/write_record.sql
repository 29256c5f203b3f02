{#- Every write to the log table goes through here; `what` names the records, for the warning. With `create` (the first write of a run)
    it creates the table where it is missing, under execlog_auto_create.
    Returns SQL for the hook to run: nothing where the write has been made under the warehouse's own error guard (then `what` and the
    error are remembered for the warning at the end of the run), else the statement itself, whose failure fails the hook. -#}
{% macro write_record(state, statement, what, create=false) %}
  {%- set words = state.words -%}
  {%- if state.settings.on_error == 'fail' or not words.guard -%}
    {{ return(exec_logger.unguarded(state, statement, what, create)) }}
  {%- endif -%}
  {%- set answer = adapter.execute(words.guard.replace('%(statement)s', statement), auto_begin=false, fetch=not words.problem) -%}
  {%- if not words.problem -%}
    {%- set problem = answer[1].rows[0][0] if answer[1].rows else none -%}
  {%- elif answer[0].rows_affected -%}
    {%- set problem = exec_logger.first_value(words.problem) -%}
  {%- endif -%}
  {%- if problem is string and problem -%}
    {%- if create and state.settings.auto_create and modules.re.search(words.missing, problem) -%}
      {%- set place = state.relation -%}
      {%- set creation = exec_logger.create_statements(state) -%}
      {%- for unique_id in state.runnable if unique_id in graph.nodes and 'create schema' in creation[0] -%}
        {#- dbt has just made sure of the schema of what it runs; asking for it needs a privilege that many users do not have -#}
        {%- set node = graph.nodes[unique_id] -%}
        {%- if node.schema == place.schema and node.database == place.database and node.resource_type != 'test' -%}
          {%- do creation.pop(0) -%}
        {%- endif -%}
      {%- endfor -%}
      {#- whether that works shows in the next write -#}
      {%- do exec_logger.first_value(words.guard.replace('%(statement)s', creation | join(';\n  '))) -%}
      {{ return(exec_logger.write_record(state, statement, what)) }}
    {%- endif -%}
    {%- do exec_logger.remember_problem(state, what, problem) -%}
  {%- endif -%}
  {{ return('') }}
{% endmacro %}

{#- Runs a statement in the session and transaction of the hook; returns the first value of its result. -#}
{% macro first_value(statement) %}
  {%- set answer = adapter.execute(statement, auto_begin=false, fetch=true) -%}
  {{ return(answer[1].rows[0][0] if answer[1].rows else none) }}
{% endmacro %}

{#- The statement for the hook to run. Where the warehouse cannot catch an error, and nothing but a missing table is to be feared, all
    that can be done is to have the table there before it runs. -#}
{% macro unguarded(state, statement, what, create) %}
  {%- set relation = state.relation -%}
  {%- set fails = state.settings.on_error == 'fail' -%}
  {%- if fails and not (create and state.settings.auto_create) -%}
    {{ return(statement) }}
  {%- elif not fails and state.settings.auto_create -%}
    {{ return(exec_logger.create_statements(state) | join(';\n') ~ ';\n' ~ statement) }}
  {%- elif adapter.get_relation(relation.database, relation.schema, relation.identifier) -%}
    {{ return(statement) }}
  {%- elif fails -%}
    {{ return(exec_logger.create_statements(state) | join(';\n') ~ ';\n' ~ statement) }}
  {%- endif -%}
  {%- do exec_logger.remember_problem(state, what, 'the table does not exist') -%}
  {{ return('') }}
{% endmacro %}

{#- A problem is told once, at the end of the run; without a shared state, at once. -#}
{% macro remember_problem(state, what, message) %}
  {%- do log('exec_logger: could not write ' ~ what ~ ': ' ~ message) -%}
  {%- do state.problems.append({'what': what, 'message': message}) -%}
  {%- if not state.shared -%}{%- do exec_logger.warn_of_problems(state, false) -%}{%- endif -%}
{% endmacro %}

{#- One warning for all writes of the run that failed. It is a log line, not dbt's own warning: `dbt --warn-error` would turn that into
    a failed run. -#}
{% macro warn_of_problems(state, ended_well) %}
  {%- set first = state.problems[0] -%}
  {%- set more = ' (and ' ~ (state.problems | length - 1) ~ ' more)' if state.problems | length > 1 else '' -%}
  {%- set reason = (first.message | trim).replace('\n', ' ')[:500] -%}
  {%- set outcome = 'The final state of the run is logged all the same.' if ended_well else
    'Your models are not affected, but the log of ' ~ state.job_id ~ ' is incomplete. Check the table and your privileges on it, or '
    ~ 'run `dbt run-operation exec_logger.install`.' -%}
  {%- do log(
    '[WARNING] exec_logger could not write ' ~ first.what ~ more ~ ' to ' ~ state.relation ~ ': ' ~ reason ~ '. ' ~ outcome, info=true) -%}
{% endmacro %}
