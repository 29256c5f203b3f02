{#- The final record of a node, from dbt's result for it, as JSON text with the columns of the log table. `rows` is what its table holds,
    or none. Pure. -#}
{% macro node_result_record(state, result, rows) %}
  {%- set node = result.node -%}
  {%- set dbt_status = result.status | string -%}
  {%- set status = state.statuses.get(dbt_status) or dbt_status | upper -%}
  {%- set failed = status in state.failures -%}
  {%- set times = {} -%}
  {%- for timing in result.timing if timing.completed_at -%}
    {%- do times.update({timing.name: [timing.started_at, timing.completed_at]}) -%}
  {%- endfor -%}
  {%- set unknown = [none, none] -%}
  {%- set ran = exec_logger.utc_texts(times.get('compile', unknown) + times.get('execute', unknown)) -%}
  {%- set response = result.adapter_response or {} -%}
  {%- set current, level, word, errors = 'MODEL_COMPLETED', 'Info', 'completed', [] -%}
  {%- if failed -%}
    {%- set level, word, message = 'Error', 'failed', exec_logger.bounded_text(result.message) -%}
    {%- do errors.append({'unique_id': node.unique_id, 'model_name': node.name, 'message': message}) -%}
  {%- elif status == 'SKIPPED' -%}
    {%- set current = 'MODEL_SKIPPED' -%}
  {%- elif status == 'WARNING' -%}
    {%- set level = 'Warn' -%}
  {%- endif -%}
  {%- set start, end = ran[0] or ran[2], ran[3] or ran[1] -%}
  {%- set values = {
    'status': status, 'dbt_status': dbt_status, 'start': start, 'end': end, 'completed': 'Y', 'current': current, 'level': level,
    'thread_id': result.thread_id, 'seconds': result.execution_time, 'failures': result.failures, 'rows': rows, 'errors': errors,
  } -%}
  {%- do values.update(exec_logger.response_values(response)) -%}
  {%- for name in 'compile_started_at compile_completed_at execute_started_at execute_completed_at'.split() -%}
    {%- set time = ran[loop.index0] -%}
    {%- do values.update({name: time and time.replace(' ', 'T')}) -%}
  {%- endfor -%}
  {%- set texts = {'ended_title': '%(' ~ word ~ '_title)s'} -%}
  {%- for name, value in values.items() -%}{%- do texts.update({name: tojson(value).replace('%', '\\u0025')}) -%}{%- endfor -%}
  {%- set facts = state.facts.get(node.unique_id) or exec_logger.node_facts(state, node) -%}
  {%- do texts.update(facts) -%}
  {%- set entries = 2 if end else 1 if start else 0 -%}
  {{ return(exec_logger.filled(state.shapes[entries], texts)) }}
{% endmacro %}

{#- What a record has of the adapter's response to the main statement. -#}
{% macro response_values(response) %}
  {%- set affected = response.get('rows_affected') -%}
  {%- if affected is not number or affected < 0 -%}{%- set affected = none -%}{%- endif -%}
  {%- set values = {'query_id': response.get('query_id'), 'code': response.get('code'), 'affected': affected} -%}
  {{ return(values) }}
{% endmacro %}

{#- The rows in the destination as far as the adapter's response tells: seeds and full loads wrote all of them, unless another post-hook
    has touched them since. None: they have to be counted. -#}
{% macro reported_rows(state, node, response) %}
  {%- set rows = response.get('rows_affected') -%}
  {%- if rows is not number or rows < 0 or response.get('code') not in ['SELECT', 'INSERT', 'CREATE'] -%}
    {{ return(none) }}
  {%- endif -%}
  {%- for hook in node.config.post_hook or node.config['post-hook'] or [] -%}
    {%- if hook.sql != '{{ exec_logger.log_execution_end() }}' -%}{{ return(none) }}{%- endif -%}
  {%- endfor -%}
  {%- set materialized = node.config.materialized -%}
  {%- set loaded = not flags.EMPTY if materialized == 'seed' else state.words.reports_rows and materialized in ['table', 'incremental'] -%}
  {%- if materialized == 'incremental' and loaded -%}{%- set loaded = exec_logger.is_full_load(state, node) -%}{%- endif -%}
  {{ return(rows if loaded else none) }}
{% endmacro %}
