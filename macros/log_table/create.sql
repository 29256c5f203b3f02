{#- The statements, in order, that create schema and table where they are missing; the schema's comes first. -#}
{% macro create_statements(table) %}
  {%- set relation = table.relation -%}
  {%- set sequence = relation.incorporate(path={'identifier': relation.identifier ~ '_seq'}) -%}
  {%- set columns = [] -%}
  {%- for column in table.columns -%}
    {%- do columns.append('\n  ' ~ column.name ~ ' ' ~ column.type.replace('%(sequence)s', sequence | string)) -%}
  {%- endfor -%}
  {%- set schema = relation.without_identifier() -%}
  {%- set names = {
    'relation': relation, 'schema': schema, 'schema_name': schema.include(database=false), 'sequence': sequence,
    'index': relation.identifier, 'columns': columns | join(',') ~ '\n',
  } -%}
  {%- set statements = [] -%}
  {%- for statement in table.words.create -%}{%- do statements.append(exec_logger.filled(statement, names)) -%}{%- endfor -%}
  {{ return(statements) }}
{% endmacro %}

{#- Creates schema and table under the warehouse's guard. Whether that worked shows in the next write. -#}
{% macro create_table(state) %}
  {%- set place = state.relation -%}
  {%- set statements = exec_logger.create_statements(state) -%}
  {%- for unique_id in state.runnable if unique_id in graph.nodes and 'create schema' in statements[0] -%}
    {#- dbt has just made sure of the schema of what it runs; asking for it needs a privilege that many users do not have -#}
    {%- set node = graph.nodes[unique_id] -%}
    {%- if node.schema == place.schema and node.database == place.database and node.resource_type != 'test' -%}
      {%- do statements.pop(0) -%}
    {%- endif -%}
  {%- endfor -%}
  {%- do exec_logger.first_value(state.words.guard.replace('%(statement)s', statements | join(';\n  '))) -%}
{% endmacro %}
