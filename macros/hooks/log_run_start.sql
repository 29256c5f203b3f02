{% macro log_run_start() %}
  {%- if execute -%}
    {%- set state = exec_logger.run_state() -%}
    {%- if state.active -%}
      {#- which incremental models do not exist yet: dbt's own cache knows it without a statement. dbt retry does not say what it runs -#}
      {%- for unique_id in (graph.nodes if state.plan is none else state.runnable) if unique_id in graph.nodes -%}
        {%- set node = graph.nodes[unique_id] -%}
        {%- if node.config.materialized == 'incremental' -%}
          {%- set existing = adapter.get_relation(node.database, node.schema, node.alias) -%}
          {%- if not existing or not existing.is_table -%}{%- do state.first_builds.update({unique_id: true}) -%}{%- endif -%}
        {%- endif -%}
      {%- endfor -%}
      {%- set job = fromjson('{
        "status": "RUNNING", "start": "%start%", "end": null, "reason": null, "rows": null, "errors": [],
        "success": 0, "error": 0, "skipped": 0
      }') -%}
      {%- do job.update({'total': state.runnable | length}) -%}
      {%- set record = exec_logger.job_record(state, job, exec_logger.job_config(state)) -%}
      {%- set now = state.words.now.replace('%(client)s', exec_logger.utc_texts(['now'])[0]) -%}
      {%- set insert = exec_logger.insert_statement(state, record, now) -%}
      {{- exec_logger.write_record(state, insert, 'the start of the job', create=true) -}}
      {%- do state.update({'job_written': not state.problems}) -%}
    {%- endif -%}
  {%- endif -%}
{% endmacro %}
