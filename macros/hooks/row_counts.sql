{#- unique_id → rows in the destination, for what succeeded and stores rows. What the adapter reported is taken at its word; the others
    are counted together, in one statement for up to 200 of them. -#}
{% macro destination_rows(state, results) %}
  {%- set rows = {} -%}
  {%- set uncounted = [] -%}
  {%- for result in results if state.settings.row_counts != 'off' -%}
    {%- set node = result.node -%}
    {%- if node.resource_type in ['model', 'seed', 'snapshot'] and result.status in ['success', 'partial success']
        and node.config.materialized != 'view' -%}
      {%- set reported = exec_logger.reported_rows(state, node, result.adapter_response or {}) -%}
      {#- dbt's cache knows what was really built, and that it is there -#}
      {%- set relation = adapter.get_relation(node.database, node.schema, node.alias) if reported is none else none -%}
      {%- do rows.update({node.unique_id: reported}) -%}
      {%- if relation and relation.type in ['table', 'materialized_view', 'dynamic_table'] -%}
        {%- do uncounted.append({'unique_id': node.unique_id, 'relation': relation, 'number': uncounted | length}) -%}
      {%- endif -%}
    {%- endif -%}
  {%- endfor -%}
  {%- for batch in uncounted | batch(200) -%}
    {%- set parts = [] -%}
    {%- for counted in batch -%}{%- do parts.append(state.words.count_one | format(**counted)) -%}{%- endfor -%}
    {%- set counts = exec_logger.first_value(state.words.counts.replace('%s', parts | join(state.words.count_join))) | string -%}
    {%- if counts.replace(',', '').isdigit() -%}
      {%- set numbers = counts.split(',') -%}
      {%- for counted in batch -%}{%- do rows.update({counted.unique_id: numbers[loop.index0] | int(none)}) -%}{%- endfor -%}
    {%- else -%}
      {%- do exec_logger.remember_problem(state, 'row counts', counts) -%}
    {%- endif -%}
  {%- endfor -%}
  {{ return(rows) }}
{% endmacro %}
