{% macro log_run_start() %}
  {%- if execute -%}
    {%- set state = exec_logger.run_state() -%}
    {%- if state.active -%}
      {%- set create = exec_logger.before_the_run(state) -%}
      {%- set job = fromjson('{
        "status": "RUNNING", "end": null, "reason": null, "rows": null, "errors": [], "success": 0, "error": 0, "skipped": 0
      }') -%}
      {%- do job.update({'start': exec_logger.utc_texts(['now'])[0], 'total': state.runnable | length}) -%}
      {%- set record = exec_logger.job_record(state, job, exec_logger.job_config(state)) -%}
      {%- set insert = exec_logger.write(
        state, state.insert_sql, exec_logger.json_body(state.words, record), job.start, 'the start of the job') -%}
      {%- do state.update({'job_written': not state.problems}) -%}
      {{- create ~ insert -}}
    {%- endif -%}
  {%- endif -%}
{% endmacro %}

{#- Finds out, from dbt's own cache and without a statement, which incremental models do not exist yet; and creates schema and table of
    the log where they are missing, in one statement. Whether that worked shows in the first write, so a missing privilege on a table
    that exists already is no problem. Returns SQL for the hook to run, or nothing where it has been run. -#}
{% macro before_the_run(state) %}
  {%- set relation = state.relation -%}
  {%- set statements = exec_logger.create_statements(state) if state.settings.auto_create else [] -%}
  {#- dbt retry does not say what it runs -#}
  {%- set planned = graph.nodes if state.plan is none else state.runnable -%}
  {%- for unique_id in planned if unique_id in graph.nodes -%}
    {%- set node = graph.nodes[unique_id] -%}
    {%- if node.config.materialized == 'incremental' -%}
      {%- set existing = adapter.get_relation(node.database, node.schema, node.alias) -%}
      {%- if not existing or not existing.is_table -%}{%- do state.first_builds.update({unique_id: true}) -%}{%- endif -%}
    {%- endif -%}
    {%- if statements and state.plan and node.schema == relation.schema and node.database == relation.database
        and 'create schema' in statements[0] and node.resource_type != 'test' -%}
      {#- dbt has just made sure of that schema, and asking for it again needs a privilege that many users do not have -#}
      {%- do statements.pop(0) -%}
    {%- endif -%}
  {%- endfor -%}
  {%- if statements and state.words.guard and state.settings.on_error != 'fail' -%}
    {%- set create = state.words.guard_create.replace('%(statement)s', statements | join(';\n  ')) -%}
    {%- do exec_logger.first_value(create.replace('%(relation)s', relation | string)) -%}
    {{ return('') }}
  {%- endif -%}
  {{ return(statements | join(';\n') ~ ';\n' if statements else '') }}
{% endmacro %}
