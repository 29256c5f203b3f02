{#- The final record of a node, from dbt's result for it, as JSON text with the columns of the log table. `rows` is what its table holds,
    or none. Pure. -#}
{% macro node_result_record(state, result, rows) %}
  {%- set node = result.node -%}
  {%- set status = state.statuses.get(result.status | string, result.status | string | upper) -%}
  {%- set failed = status in state.failures -%}
  {%- set times = {} -%}
  {%- for timing in result.timing if timing.completed_at -%}
    {%- do times.update({timing.name: [timing.started_at, timing.completed_at]}) -%}
  {%- endfor -%}
  {%- set unknown = [none, none] -%}
  {%- set ran = exec_logger.utc_texts(times.get('compile', unknown) + times.get('execute', unknown)) -%}
  {%- set response = result.adapter_response or {} -%}
  {%- set affected = response.get('rows_affected') -%}
  {%- set values = {
    'status': status, 'dbt_status': result.status | string, 'start': ran[0] or ran[2], 'end': ran[3] or ran[1],
    'completed': 'Y', 'current': 'MODEL_SKIPPED' if status == 'SKIPPED' else 'MODEL_COMPLETED',
    'level': 'Error' if failed else 'Warn' if status == 'WARNING' else 'Info',
    'thread_id': result.thread_id, 'seconds': result.execution_time, 'failures': result.failures, 'rows': rows,
    'query_id': response.get('query_id'), 'code': response.get('code'),
    'affected': affected if affected is number and affected >= 0 else none,
    'errors': [] if not failed else
      [{'unique_id': node.unique_id, 'model_name': node.name, 'message': exec_logger.bounded_text(result.message)}],
  } -%}
  {%- for name in 'compile_started_at compile_completed_at execute_started_at execute_completed_at'.split() -%}
    {%- set time = ran[loop.index0] -%}
    {%- do values.update({name: time and time.replace(' ', 'T')}) -%}
  {%- endfor -%}
  {%- set texts = {'ended_title': '%(failed_title)s' if failed else '%(completed_title)s'} -%}
  {%- for name, value in values.items() -%}{%- do texts.update({name: tojson(value).replace('%', '\\u0025')}) -%}{%- endfor -%}
  {%- do texts.update(state.facts.get(node.unique_id) or exec_logger.node_facts(state, node)) -%}
  {%- set shape = state.shapes[2 if values.end else 1 if values.start else 0] -%}
  {{ return(exec_logger.filled(shape, texts)) }}
{% endmacro %}

{#- The rows in the destination as far as the adapter's response tells: seeds and full loads wrote all of them, unless another post-hook
    has touched them since. None: they have to be counted. -#}
{% macro reported_rows(state, node, response) %}
  {%- set rows = response.get('rows_affected') -%}
  {%- set materialized = node.config.materialized -%}
  {%- set hooks = node.config.post_hook or node.config['post-hook'] or [] -%}
  {%- if rows is number and rows >= 0 and response.get('code') in ['SELECT', 'INSERT', 'CREATE']
      and hooks | rejectattr('sql', 'equalto', '{{ exec_logger.log_execution_end() }}') | list | length == 0
      and (materialized == 'seed' and not flags.EMPTY or state.words.reports_rows and (
        materialized == 'table' or materialized == 'incremental' and exec_logger.is_full_load(state, node))) -%}
    {{ return(rows) }}
  {%- endif -%}
  {{ return(none) }}
{% endmacro %}
