{#- What the hooks of one invocation share. dbt 1.x hands every hook the same `graph` dict, so the state is made once and kept there
    under the invocation's id; elsewhere (dbt 2.x) each hook makes it anew and `shared` is false. Keys:
      active          whether this invocation is logged
      settings, words, relation, columns   settings() and log_table()
      plan            the unique_ids that dbt set out to run, ours left out; none where dbt does not say (dbt retry)
      runnable        those of the plan that dbt gives a result for: it runs no ephemeral models, sources, exposures, metrics …
      ephemeral       the ephemeral models of the plan
      job_id          PROCESS_STEP_ID of the job
      not_before      SQL: no row of this invocation was inserted before this time, whatever the clocks say: a day before dbt started
      first_builds    unique_id → true for incremental models that did not exist when the run started
      facts           unique_id → node_facts()
      step_ids        PROCESS_STEP_ID → true for those that are given away
      shapes          node_shapes()
      statements      live_statement() by kind, once a hook needs it
      schema_source   unique_id of the source that declares the log table
      started         unique_id → true for nodes whose start row was written
      job_written     whether the job's start row was written
      problems        what the warehouse answered to writes that failed: [{what, message}]
      statuses, failures, execution_types   dbt's status in the words of the log; those that are failures; EXECUTION_TYPE_NAME by
                      resource type or materialization -#}
{% macro run_state() %}
  {%- set known = graph.get('exec_logger') -%}
  {%- if known and known.invocation_id == invocation_id -%}{{ return(known) }}{%- endif -%}
  {%- set state = fromjson('{
    "first_builds": {}, "facts": {}, "step_ids": {}, "started": {}, "problems": [], "job_written": false,
    "plan": [], "runnable": [], "ephemeral": [], "statements": {},
    "schema_source": "source.exec_logger.exec_logger.process_execution_log",
    "statuses": {
      "success": "SUCCESS", "pass": "SUCCESS", "warn": "WARNING", "error": "FAILED", "fail": "FAILED", "runtime error": "FAILED",
      "skipped": "SKIPPED", "partial success": "PARTIAL_SUCCESS", "reused": "REUSED", "no-op": "REUSED"
    },
    "failures": ["FAILED", "PARTIAL_SUCCESS"],
    "execution_types": {
      "test": "DATA_TEST", "unit_test": "UNIT_TEST", "seed": "SEED_LOAD", "snapshot": "SNAPSHOT_LOAD", "view": "VIEW_REFRESH",
      "table": "TRUNCATE_FULL_LOAD", "incremental": "INCREMENTAL_LOAD", "materialized_view": "MATERIALIZED_VIEW_REFRESH",
      "dynamic_table": "DYNAMIC_TABLE_REFRESH"
    }
  }') -%}
  {%- set settings = exec_logger.settings() -%}
  {%- for unique_id in selected_resources | sort -%}
    {%- set parts = unique_id.split('.') -%}
    {%- if parts[1] != 'exec_logger' -%}
      {%- do state.plan.append(unique_id) -%}
      {%- if parts[0] in ['model', 'seed', 'snapshot', 'test', 'unit_test', 'function'] -%}
        {%- set node = graph.nodes.get(unique_id) -%}
        {%- set ephemeral = node and node.config.materialized == 'ephemeral' -%}
        {%- do (state.ephemeral if ephemeral else state.runnable).append(unique_id) -%}
      {%- endif -%}
    {%- endif -%}
  {%- endfor -%}
  {%- set which = flags.WHICH or invocation_args_dict.which -%}
  {%- do state.update({
    'invocation_id': invocation_id,
    'job_id': 'JOB_' ~ invocation_id,
    'which': which,
    'shared': dbt_version.startswith('1.'),
    'active': settings.enabled and which in settings.commands and (state.plan or not selected_resources),
    'settings': settings,
  }) -%}
  {%- if not selected_resources -%}{%- do state.update({'plan': none}) -%}{%- endif -%}
  {%- if state.active -%}
    {%- do state.update(exec_logger.log_table(settings)) -%}
    {%- set day_before = exec_logger.utc_texts([run_started_at - modules.datetime.timedelta(days=1)])[0] -%}
    {%- do state.update({'shapes': exec_logger.node_shapes(), 'not_before': state.words.time.replace('%(text)s', day_before)}) -%}
  {%- endif -%}
  {%- if state.shared -%}{%- do graph.update({'exec_logger': state}) -%}{%- endif -%}
  {{ return(state) }}
{% endmacro %}
