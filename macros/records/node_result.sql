{#- The final record of a node, from dbt's result for it. `rows` is what its table holds, or none. Pure. -#}
{% macro node_result_record(state, result, rows) %}
  {%- set times = {} -%}
  {%- set ran = [none] -%}
  {%- for timing in result.timing if timing.completed_at -%}
    {%- set start = exec_logger.utc_text(timing.started_at) -%}
    {%- set end = exec_logger.utc_text(timing.completed_at) -%}
    {%- do ran.extend([start, end]) -%}
    {#- written with a T: only the timeline's own times are put onto the warehouse's clock -#}
    {%- do times.update({
      timing.name ~ '_started_at': start.replace(' ', 'T'), timing.name ~ '_completed_at': end.replace(' ', 'T'),
    }) -%}
  {%- endfor -%}
  {%- set status = result.status | string -%}
  {%- set outcome = {
    'status': state.statuses.get(status, status | upper), 'dbt_status': status, 'start': ran[:2][-1], 'end': ran[-1], 'times': times,
    'thread_id': result.thread_id, 'seconds': result.execution_time, 'failures': result.failures, 'rows': rows,
    'response': result.adapter_response or {}, 'message': result.message,
  } -%}
  {{ return(exec_logger.node_record(state, result.node, outcome)) }}
{% endmacro %}

{#- The rows in the destination as far as the adapter's response tells: seeds and full loads wrote all of them, unless another post-hook
    has touched them since. None: they have to be counted. -#}
{% macro reported_rows(state, node, response) %}
  {%- set rows = response.get('rows_affected') -%}
  {%- set materialized = node.config.materialized -%}
  {%- set hooks = node.config['post-hook'] or [] -%}
  {%- if rows is number and rows >= 0 and response.get('code') in ['SELECT', 'INSERT', 'CREATE']
      and hooks | rejectattr('sql', 'equalto', '{{ exec_logger.log_execution_end() }}') | list | length == 0
      and (materialized == 'seed' and not flags.EMPTY or state.words.reports_rows and (
        materialized == 'table' or materialized == 'incremental' and exec_logger.is_full_load(state, node))) -%}
    {{ return(rows) }}
  {%- endif -%}
  {{ return(none) }}
{% endmacro %}
