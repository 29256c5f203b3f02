{#- unique_id → rows in the destination, for what succeeded and stores rows. What the adapter reported is taken at its word; the others
    are counted together. -#}
{% macro destination_rows(state, results) %}
  {%- set rows = {} -%}
  {%- set uncounted = [] -%}
  {%- for result in results if result.status in ['success', 'partial success'] -%}
    {%- set node = result.node -%}
    {%- if node.config.materialized != 'view' and node.resource_type in ['model', 'seed', 'snapshot'] -%}
      {%- set reported = exec_logger.reported_rows(state, node, result.adapter_response or {}) -%}
      {%- do rows.update({node.unique_id: reported}) -%}
      {%- if reported is none -%}{%- do uncounted.append(node) -%}{%- endif -%}
    {%- endif -%}
  {%- endfor -%}
  {%- if uncounted -%}{%- do exec_logger.count_rows(state, uncounted, rows) -%}{%- endif -%}
  {{ return(rows) }}
{% endmacro %}

{#- Counts the rows of nodes into `rows`, in one statement for up to 200 of them. -#}
{% macro count_rows(state, nodes, rows) %}
  {%- set tables = [] -%}
  {%- for node in nodes -%}
    {#- dbt's cache knows what was really built, and that it is there -#}
    {%- set relation = adapter.get_relation(node.database, node.schema, node.alias) -%}
    {%- if relation and relation.type in ['table', 'materialized_view', 'dynamic_table'] -%}
      {%- do tables.append({'unique_id': node.unique_id, 'relation': relation, 'number': loop.index}) -%}
    {%- endif -%}
  {%- endfor -%}
  {%- for batch in tables | batch(200) -%}
    {%- set parts = [] -%}
    {%- for table in batch -%}{%- do parts.append(exec_logger.filled(state.words.count_one, table)) -%}{%- endfor -%}
    {%- set count = state.words.counts.replace('%s', parts | join(state.words.count_join)) -%}
    {%- if state.words.guard_counts and state.settings.on_error != 'fail' -%}
      {%- set count = state.words.guard_counts.replace('%(statement)s', count) -%}
    {%- endif -%}
    {%- set counts = exec_logger.first_value(count) | string -%}
    {%- if counts.replace(',', '').isdigit() -%}
      {%- set numbers = counts.split(',') -%}
      {%- for table in batch -%}{%- do rows.update({table.unique_id: numbers[loop.index0] | int(none)}) -%}{%- endfor -%}
    {%- else -%}
      {%- do exec_logger.remember_problem(state, 'row counts', counts) -%}
    {%- endif -%}
  {%- endfor -%}
{% endmacro %}
