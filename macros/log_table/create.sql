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
