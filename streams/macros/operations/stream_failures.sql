{#- unique_id → true for the models of streams that this run had to build, in the order of its results. `ended`: unique_id → dbt's result. -#}
{% macro stream_models(ended) %}
  {%- set ours = {} -%}
  {#- hooks that call us through macros of the project's own name us in the state alone -#}
  {%- set gated = (graph.get('exec_logger_streams ' ~ invocation_id) or {}).nodes or {} -%}
  {%- for unique_id in ended | list + gated | list + selected_resources | list if unique_id in graph.nodes -%}
    {%- set config = graph.nodes[unique_id].config -%}
    {%- set hooks = (config['pre-hook'] or config.pre_hook or '') | string -%}
    {%- if unique_id in gated or ('exec_logger_streams.' in hooks and config.materialized != 'ephemeral') -%}
      {%- do ours.update({unique_id: true}) -%}
    {%- endif -%}
  {%- endfor -%}
  {{ return(ours) }}
{% endmacro %}

{% macro has_failed(result) %}
  {{ return(result.status | string in ['error', 'fail', 'runtime error', 'partial success']) }}
{% endmacro %}

{#- Stream → what failed of it, {unique_id, model_name, message} each: its models, tests of them, and models that dbt skipped. -#}
{% macro stream_failures(state, ended, ours) %}
  {%- set failures = {} -%}
  {%- for stream in state.nodes.values() -%}{%- do failures.update({stream: []}) -%}{%- endfor -%}
  {#- a model that did not come to its gate is in the stream of this run -#}
  {%- set usual = failures | first if failures | length == 1 else state.settings.stream_name -%}
  {%- for unique_id in ours -%}
    {%- set result = ended.get(unique_id) -%}
    {%- set message = none -%}
    {%- if result and exec_logger_streams.has_failed(result) -%}
      {%- set message = result.message -%}
    {%- elif not result or result.status | string == 'skipped' -%}
      {%- set message = exec_logger_streams.why_skipped(unique_id, ended, ours) -%}
    {%- endif -%}
    {%- set failed = failures.setdefault(state.nodes.get(unique_id) or usual, []) -%}
    {%- if message is not none -%}
      {%- do failed.append(exec_logger_streams.failure(unique_id, graph.nodes[unique_id].name, message)) -%}
    {%- endif -%}
  {%- endfor -%}
  {%- for unique_id, result in ended.items() if unique_id not in ours and exec_logger_streams.has_failed(result) -%}
    {%- for parent in (result.node.depends_on or {}).nodes or [] if parent in ours and 'test' in result.node.resource_type | string -%}
      {%- if loop.first -%}
        {%- do failures[state.nodes.get(parent) or usual].append(
          exec_logger_streams.failure(unique_id, result.node.name, result.node.name ~ ': ' ~ result.message)) -%}
      {%- endif -%}
    {%- endfor -%}
  {%- endfor -%}
  {{ return(failures) }}
{% endmacro %}

{% macro failure(unique_id, name, message) %}
  {{ return({'unique_id': unique_id, 'model_name': name, 'message': exec_logger.bounded_text(message, 4000)}) }}
{% endmacro %}

{#- What made dbt skip a model: what it is built from or a test of that, or else (--fail-fast, on-run-start) whatever failed first. -#}
{% macro why_skipped(unique_id, ended, ours) %}
  {%- set ancestors = exec_logger_streams.ancestors(unique_id) -%}
  {%- set near, far = [], [] -%}
  {%- for other, result in ended.items() if exec_logger_streams.has_failed(result) -%}
    {%- set parents = (result.node.depends_on or {}).nodes or [] -%}
    {%- set is_near = other in ancestors or parents | select('in', ancestors) | list -%}
    {%- do (near if is_near else far).append(result) -%}
  {%- endfor -%}
  {%- for result in (near + far)[:1] -%}
    {#- what is ours has said it already -#}
    {%- set said = '' if result.node.unique_id in ours else ': ' ~ result.message -%}
    {{ return('skipped: ' ~ result.node.name ~ ' has failed' ~ said) }}
  {%- endfor -%}
  {{ return('skipped: the run ended before it') }}
{% endmacro %}

{#- unique_id → true for a node and all that it is built from. -#}
{% macro ancestors(unique_id) %}
  {%- set found, queue = {unique_id: true}, [unique_id] -%}
  {#- it grows as it is read -#}
  {%- for id in queue -%}
    {%- for parent in graph.nodes[id].depends_on.nodes or [] if parent in graph.nodes and parent not in found -%}
      {%- do found.update({parent: true}) -%}
      {%- do queue.append(parent) -%}
    {%- endfor -%}
  {%- endfor -%}
  {{ return(found) }}
{% endmacro %}
