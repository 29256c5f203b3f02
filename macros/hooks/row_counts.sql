{#- unique_id → rows in the destination, for what succeeded and stores rows. What the adapter reported is taken at its word; the others
    are counted together, in one statement for up to 200 of them. -#}
{% macro destination_rows(state, results) %}
  {%- set rows = {} -%}
  {%- set uncounted = [] -%}
  {%- for result in results
      if result.node.unique_id.split('.')[0] in ('model', 'seed', 'snapshot')
      and exec_logger.status_name(result.status) in ('SUCCESS', 'WARNING', 'PARTIAL_SUCCESS') -%}
    {%- set node = result.node -%}
    {%- set reported = exec_logger.reported_rows(state, node, result.adapter_response or {}) -%}
    {%- if reported is not none -%}
      {%- do rows.update({node.unique_id: reported}) -%}
    {%- elif node.config.materialized != 'view' -%}
      {#- dbt's cache knows what was really built, and that it is there -#}
      {%- set relation = adapter.get_relation(node.database, node.schema, node.alias) -%}
      {%- if relation and relation.type in ('table', 'materialized_view', 'dynamic_table') -%}
        {%- do uncounted.append({'unique_id': node.unique_id, 'relation': relation}) -%}
      {%- endif -%}
    {%- endif -%}
  {%- endfor -%}
  {%- for batch in uncounted | batch(200) -%}
    {%- set parts = [] -%}
    {%- for counted in batch -%}
      {%- do parts.append(state.words.count_one | format(number=loop.index, relation=counted.relation)) -%}
    {%- endfor -%}
    {%- set counts = exec_logger.first_value(state.words.counts | format(parts | join(state.words.count_join))) | string -%}
    {%- if modules.re.fullmatch('[0-9,]+', counts) -%}
      {%- set numbers = counts.split(',') -%}
      {%- for counted in batch if numbers[loop.index0] -%}
        {%- do rows.update({counted.unique_id: numbers[loop.index0] | int}) -%}
      {%- endfor -%}
    {%- else -%}
      {%- do exec_logger.remember_problem('row counts', counts) -%}
    {%- endif -%}
  {%- endfor -%}
  {{ return(rows) }}
{% endmacro %}
