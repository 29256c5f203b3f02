{#- Records of nodes: dicts with the columns of the log table. Pure: no SQL. `node` is a node as dbt gives it to a hook or in results
    (a dict or an object; both read alike). -#}

{#- The record of a node. `outcome`: status, dbt_status, start, end (utc_text or none), thread_id, seconds, rows (in the destination, or
    none), response (of the adapter), and for final records failures, message and times: compile_started_at, … -#}
{% macro node_record(state, node, outcome) %}
  {%- set facts = state.facts.get(node.unique_id) or exec_logger.node_facts(state, node) -%}
  {%- set status = outcome.status -%}
  {%- set affected = outcome.response.get('rows_affected') -%}
  {%- set values = fromjson('{"failures": null, "times": {}, "errors": [], "word": "Completed", "level": "Info", "timeline": []}') -%}
  {%- do values.update(facts) -%}
  {%- do values.update(outcome) -%}
  {%- if status in state.failures -%}
    {%- set message = exec_logger.bounded_text(outcome.message) -%}
    {%- do values.errors.append({'unique_id': node.unique_id, 'model_name': node.name, 'message': message}) -%}
    {%- do values.update({'word': 'Failed', 'level': 'Error'}) -%}
  {%- endif -%}
  {%- do values.update({
    'completed': 'N' if status == 'RUNNING' else 'Y',
    'current': {'RUNNING': 'MODEL_STARTED', 'SKIPPED': 'MODEL_SKIPPED'}.get(status, 'MODEL_COMPLETED'),
    'level': 'Warn' if status == 'WARNING' else values.level,
    'query_id': outcome.response.get('query_id'),
    'code': outcome.response.get('code'),
    'affected': affected if affected is number and affected >= 0 else none,
    'started_title': facts.kind ~ ' Started: ' ~ node.name,
    'ended_title': facts.kind ~ ' ' ~ values.word ~ ': ' ~ node.name,
  }) -%}
  {%- set record = exec_logger.shaped('{
    "process_step_id": %(step_id)s,
    "parent_step_id": %(job_id)s,
    "record_type": %(record_type)s,
    "execution_status_name": %(status)s,
    "execution_completed_ind": %(completed)s,
    "execution_start_tmstp": %(start)s,
    "execution_end_tmstp": %(end)s,
    "execution_type_name": %(execution_type)s,
    "extract_start_tmstp": %(start)s,
    "extract_end_tmstp": %(end)s,
    "source_obj": %(sources)s,
    "destination_obj": %(destination)s,
    "source_data_cnt": %(rows)s,
    "step_execution_obj": {
      "model_name": %(name)s,
      "unique_id": %(unique_id)s,
      "current_step": %(current)s,
      "query_id_start": %(query_id)s,
      "query_id_end": %(query_id)s,
      "thread_id": %(thread_id)s,
      "dbt_status": %(dbt_status)s,
      "execution_time_seconds": %(seconds)s,
      "compile_started_at": null,
      "compile_completed_at": null,
      "execute_started_at": null,
      "execute_completed_at": null,
      "failures": %(failures)s,
      "execution_timeline": [
        {
          "step_number": 1,
          "timestamp": %(start)s,
          "level": "Info",
          "step_type": "MODEL_START",
          "title": %(started_title)s,
          "query_id": %(query_id)s,
          "content": %(destination)s
        },
        {
          "step_number": 2,
          "timestamp": %(end)s,
          "level": %(level)s,
          "step_type": "MODEL_COMPLETE",
          "title": %(ended_title)s,
          "query_id": %(query_id)s,
          "query_result": {"rows_in_destination": %(rows)s, "rows_affected": %(affected)s, "execution_status": %(status)s},
          "content": {"dbt_status": %(dbt_status)s, "adapter_code": %(code)s, "failures": %(failures)s}
        }
      ]
    },
    "error_message_obj": %(errors)s,
    "deleted_ind": "N"
  }', values) -%}
  {%- set step = record.step_execution_obj -%}
  {%- do step.update(values.times) -%}
  {#- what has not happened is not in the timeline -#}
  {%- do step.update({'execution_timeline': step.execution_timeline | selectattr('timestamp') | list}) -%}
  {{ return(record) }}
{% endmacro %}

{#- What does not depend on the outcome. Kept in the state, as up to three hooks ask for it. -#}
{% macro node_facts(state, node) %}
  {%- set unique_id = node.unique_id -%}
  {%- set kind = unique_id.split('.')[0] -%}
  {%- set materialized = node.config.materialized or kind -%}
  {%- set execution_type = state.execution_types.get(kind) or state.execution_types.get(materialized, materialized | upper) -%}
  {%- if materialized == 'incremental' and exec_logger.is_full_load(state, node) -%}
    {%- set execution_type = 'TRUNCATE_FULL_LOAD' -%}
  {%- endif -%}
  {%- set name = node.name if node.package_name == project_name else node.package_name ~ '.' ~ node.name -%}
  {%- set step_id = state.job_id ~ '_' ~ kind | upper ~ '_' ~ name ~ ('.v' ~ node.version if node.version else '') -%}
  {%- if step_id | length > 500 or step_id in state.step_ids -%}
    {#- tests may share a name (dbt tells them apart by a hash) -#}
    {%- set step_id = step_id[:467] ~ '_' ~ local_md5(unique_id) -%}
  {%- endif -%}
  {%- do state.step_ids.update({step_id: true}) -%}
  {#- a test has a table only where it stores its failures -#}
  {%- set table = none if 'test' in kind and not node.config.store_failures else node.alias -%}
  {%- set place = [node.database, node.schema, table] -%}
  {%- set destination = {
    'database': node.database, 'schema': node.schema, 'table': table, 'materialization': materialized,
    'execution_type': execution_type, 'full_name': place | select | join('.') if table else none,
  } -%}
  {%- set facts = {
    'step_id': step_id, 'job_id': state.job_id, 'record_type': kind | upper, 'execution_type': execution_type, 'unique_id': unique_id,
    'name': node.name, 'kind': kind.replace('_', ' ') | title, 'sources': exec_logger.node_sources(node), 'destination': destination,
  } -%}
  {%- do state.facts.update({unique_id: facts}) -%}
  {{ return(facts) }}
{% endmacro %}

{#- Whether an incremental model is built anew: dbt's rule of should_full_refresh() and is_incremental(). -#}
{% macro is_full_load(state, node) %}
  {%- set configured = node.config.full_refresh -%}
  {{ return((flags.FULL_REFRESH if configured is none else configured) or node.unique_id in state.first_builds) }}
{% endmacro %}

{#- SOURCE_OBJ: {source_1: {type, name, node_id}, …}, in dbt's order. A unit test reads the model that it tests; what dbt lists for it
    are its fixtures. -#}
{% macro node_sources(node) %}
  {%- set sources = {} -%}
  {%- set tested = node.tested_node_unique_id -%}
  {%- set node_ids = [tested] if tested else node.depends_on.nodes or [] -%}
  {%- for node_id in node_ids -%}
    {%- set parts = node_id.split('.') -%}
    {%- set kind = 'ref' if parts[0] in ['model', 'seed', 'snapshot'] else parts[0] -%}
    {#- the id of a versioned model ends in its version, which is not part of its name -#}
    {%- set name = graph.nodes[node_id].name if node_id in graph.nodes else parts[2:] | join('.') -%}
    {%- do sources.update({'source_' ~ loop.index: {'type': kind, 'name': name, 'node_id': node_id}}) -%}
  {%- endfor -%}
  {{ return(sources) }}
{% endmacro %}
