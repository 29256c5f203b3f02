{#- The parts of a node's record that need a rule. Pure. -#}

{#- PROCESS_STEP_ID: unique among the nodes of a job, at most 500 characters. -#}
{% macro step_id(job_id, node, resource_type) %}
  {%- set name = node.name -%}
  {%- if node.package_name != project_name -%}{%- set name = node.package_name ~ '.' ~ name -%}{%- endif -%}
  {%- if node.version is defined and node.version is not none -%}{%- set name = name ~ '.v' ~ node.version -%}{%- endif -%}
  {%- set id = job_id ~ '_' ~ resource_type | upper ~ '_' ~ name -%}
  {{ return(id if id | length <= 500 else id[:467] ~ '_' ~ local_md5(node.unique_id)) }}
{% endmacro %}

{#- SOURCE_OBJ: {source_1: {type, name, node_id}, …}, in dbt's order. A unit test reads the model that it tests; what dbt lists for it
    are its fixtures. -#}
{% macro node_sources(node) %}
  {%- set sources = {} -%}
  {%- set tested = node.tested_node_unique_id | default(none) -%}
  {%- set node_ids = [tested] if tested else node.depends_on.nodes | default([]) -%}
  {%- for node_id in node_ids -%}
    {%- set kind = node_id.split('.')[0] -%}
    {%- if kind == 'source' -%}
      {%- set source_node = graph.sources.get(node_id) -%}
      {%- set name = source_node.source_name ~ '.' ~ source_node.name if source_node else node_id.split('.')[2:] | join('.') -%}
    {%- else -%}
      {%- set ref_node = graph.nodes.get(node_id) -%}
      {%- set name = ref_node.name if ref_node else node_id.split('.')[2:] | join('.') -%}
    {%- endif -%}
    {%- do sources.update({'source_' ~ loop.index: {
      'type': 'ref' if kind in ('model', 'seed', 'snapshot') else kind, 'name': name, 'node_id': node_id,
    }}) -%}
  {%- endfor -%}
  {{ return(sources) }}
{% endmacro %}

{% macro execution_type(state, node, resource_type) %}
  {%- set fixed = {'test': 'DATA_TEST', 'unit_test': 'UNIT_TEST', 'seed': 'SEED_LOAD', 'snapshot': 'SNAPSHOT_LOAD'} -%}
  {%- if resource_type in fixed -%}{{ return(fixed[resource_type]) }}{%- endif -%}
  {%- set materialized = node.config.materialized | default(resource_type) -%}
  {%- if materialized == 'incremental' -%}
    {{ return('TRUNCATE_FULL_LOAD' if exec_logger.is_full_load(state, node) else 'INCREMENTAL_LOAD') }}
  {%- endif -%}
  {{ return({
    'view': 'VIEW_REFRESH',
    'table': 'TRUNCATE_FULL_LOAD',
    'materialized_view': 'MATERIALIZED_VIEW_REFRESH',
    'dynamic_table': 'DYNAMIC_TABLE_REFRESH',
  }.get(materialized, materialized | upper)) }}
{% endmacro %}

{#- Whether an incremental model is built anew: dbt's rule of should_full_refresh() and is_incremental(). -#}
{% macro is_full_load(state, node) %}
  {%- set configured = node.config.full_refresh | default(none) -%}
  {{ return((configured if configured is not none else flags.FULL_REFRESH) or state.first_builds.get(node.unique_id, false)) }}
{% endmacro %}

{#- dbt's status in the words of the log. -#}
{% macro status_name(status) %}
  {%- set status = status | string | lower -%}
  {{ return({
    'success': 'SUCCESS', 'pass': 'SUCCESS', 'warn': 'WARNING', 'error': 'FAILED', 'fail': 'FAILED', 'runtime error': 'FAILED',
    'skipped': 'SKIPPED', 'partial success': 'PARTIAL_SUCCESS', 'reused': 'REUSED', 'no-op': 'REUSED',
  }.get(status, status | upper | replace(' ', '_'))) }}
{% endmacro %}

{#- What the adapter says its statement touched; none where it does not say (adapters write that as -1 or leave it out). -#}
{% macro rows_affected(response) %}
  {%- set rows = response.get('rows_affected') -%}
  {{ return(rows | int if rows is number and rows >= 0 else none) }}
{% endmacro %}

{#- The rows in the destination as far as the adapter's response tells: seeds and full loads wrote all of them, unless another post-hook
    has touched them since. None: they have to be counted. -#}
{% macro reported_rows(state, node, response) %}
  {%- for hook in node.config['post-hook'] or [] if 'log_execution_end' not in hook.sql -%}{{ return(none) }}{%- endfor -%}
  {%- set materialized = node.config.materialized -%}
  {%- set code = response.get('code') -%}
  {%- if materialized == 'seed' and code in ('CREATE', 'INSERT') and not flags.EMPTY -%}
    {{ return(exec_logger.rows_affected(response)) }}
  {%- elif state.words.reports_rows and code in ('SELECT', 'INSERT')
      and (materialized == 'table' or (materialized == 'incremental' and exec_logger.is_full_load(state, node))) -%}
    {{ return(exec_logger.rows_affected(response)) }}
  {%- endif -%}
  {{ return(none) }}
{% endmacro %}
