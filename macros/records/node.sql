{#- The record of a node, as JSON text with the columns of the log table. Pure: no SQL. `node` is a node as dbt gives it to a hook or in
    results (a dict or an object; both read alike). `outcome`: status, dbt_status, start, end (utc_texts() or none), thread_id, seconds,
    rows (in the destination, or none), failures, message, response (of the adapter), and compile_started_at, … (or none). -#}
{% macro node_record(state, node, outcome) %}
  {%- set facts = state.facts.get(node.unique_id) or exec_logger.node_facts(state, node) -%}
  {%- set status = outcome.status -%}
  {%- set response = outcome.pop('response') -%}
  {%- set affected = response.get('rows_affected') -%}
  {%- set message = outcome.pop('message') -%}
  {%- set failed = status in state.failures -%}
  {%- do outcome.update({
    'query_id': response.get('query_id'), 'code': response.get('code'),
    'affected': affected if affected is number and affected >= 0 else none,
    'errors': [] if not failed else
      [{'unique_id': node.unique_id, 'model_name': node.name, 'message': exec_logger.bounded_text(message)}],
  }) -%}
  {%- set texts = {
    'completed': 'N' if status == 'RUNNING' else 'Y',
    'current': {'RUNNING': 'MODEL_STARTED', 'SKIPPED': 'MODEL_SKIPPED'}.get(status, 'MODEL_COMPLETED'),
    'word': 'Failed' if failed else 'Completed',
    'level': 'Error' if failed else 'Warn' if status == 'WARNING' else 'Info',
  } -%}
  {%- for name, value in outcome.items() -%}{%- do texts.update({name: tojson(value).replace('%', '\\u0025')}) -%}{%- endfor -%}
  {%- do texts.update(facts) -%}
  {%- set shape = state.shapes[2 if outcome.end else 1 if outcome.start else 0] -%}
  {{ return(exec_logger.filled(shape, texts)) }}
{% endmacro %}
