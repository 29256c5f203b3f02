{#- The values of a node's record that do not depend on its outcome, as JSON texts: %(name)s in node_shapes(). Kept in the state, as up to
    three hooks ask for them. -#}
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
  {#- a test has a table only where it stores its failures; exposures and saved queries have no place at all -#}
  {%- set stored = node.config.store_failures if node.config.store_failures is boolean else flags.STORE_FAILURES -%}
  {%- set table = none if kind == 'unit_test' or (kind == 'test' and not stored) else node.alias or none -%}
  {%- set place = [node.database or none, node.schema or none, table] -%}
  {%- set destination = {
    'database': place[0], 'schema': place[1], 'table': table, 'materialization': materialized,
    'execution_type': execution_type, 'full_name': place | select | join('.') if table else none,
  } -%}
  {#- a unit test reads the model that it tests; what dbt lists for it are its fixtures -#}
  {%- set sources = {} -%}
  {%- set tested = node.tested_node_unique_id -%}
  {%- for node_id in ([tested] if tested else node.depends_on.nodes or []) -%}
    {%- set parts = node_id.split('.') -%}
    {%- set type = 'ref' if parts[0] in ['model', 'seed', 'snapshot'] else parts[0] -%}
    {%- set name = graph.nodes[node_id].name if node_id in graph.nodes else parts[2:] | join('.') -%}
    {%- do sources.update({'source_' ~ loop.index: {'type': type, 'name': name, 'node_id': node_id}}) -%}
  {%- endfor -%}
  {#- of a model's configuration, what is set; its hooks are code. dbt's graph has it as plain data -#}
  {%- set configured = graph.nodes[unique_id].config if kind == 'model' and unique_id in graph.nodes else {} -%}
  {%- set config = {} -%}
  {%- for name, value in configured.items() if value and name not in ['pre-hook', 'post-hook', 'docs'] -%}
    {%- do config.update({name: value if value is string or value is integer else exec_logger.json_safe(value)}) -%}
  {%- endfor -%}
  {%- set label = kind.replace('_', ' ') | title -%}
  {%- set values = {
    'step_id': step_id, 'job_id': state.job_id, 'record_type': kind | upper, 'execution_type': execution_type, 'unique_id': unique_id,
    'name': node.name, 'sources': sources, 'destination': destination,
    'config': config or none,
  } -%}
  {%- for word in ['Started', 'Completed', 'Failed'] -%}
    {%- set title = label ~ ' ' ~ word ~ ': ' ~ node.name -%}
    {%- do values.update({word | lower ~ '_title': title}) -%}
  {%- endfor -%}
  {%- set facts = {} -%}
  {#- no value can bring a %(name)s of its own -#}
  {%- for name, value in values.items() -%}{%- do facts.update({name: tojson(value).replace('%', '\\u0025')}) -%}{%- endfor -%}
  {%- do state.facts.update({unique_id: facts}) -%}
  {{ return(facts) }}
{% endmacro %}

{#- Whether an incremental model is built anew: dbt's rule of should_full_refresh() and is_incremental(). -#}
{% macro is_full_load(state, node) %}
  {%- set configured = node.config.full_refresh -%}
  {#- what is not configured is none, or not there at all -#}
  {{ return((configured if configured is boolean else flags.FULL_REFRESH) or node.unique_id in state.first_builds) }}
{% endmacro %}
