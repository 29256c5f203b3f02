{#- The final record of a node, from dbt's result for it. `rows` is what its table holds, or none. Pure. -#}
{% macro node_result_record(state, result, rows) %}
  {%- set status = result.status | string -%}
  {%- set times = {} -%}
  {%- for timing in result.timing if timing.completed_at -%}
    {%- do times.update({timing.name: [timing.started_at, timing.completed_at]}) -%}
  {%- endfor -%}
  {%- set unknown = [none, none] -%}
  {%- set ran = exec_logger.utc_texts(times.get('compile', unknown) + times.get('execute', unknown)) -%}
  {{ return(exec_logger.node_record(state, result.node, {
    'status': state.statuses.get(status, status | upper), 'dbt_status': status, 'start': ran[0] or ran[2], 'end': ran[3] or ran[1],
    'thread_id': result.thread_id, 'seconds': result.execution_time, 'failures': result.failures, 'rows': rows,
    'response': result.adapter_response or {}, 'message': result.message,
    'compile_started_at': ran[0] and ran[0].replace(' ', 'T'), 'compile_completed_at': ran[1] and ran[1].replace(' ', 'T'),
    'execute_started_at': ran[2] and ran[2].replace(' ', 'T'), 'execute_completed_at': ran[3] and ran[3].replace(' ', 'T'),
  })) }}
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
