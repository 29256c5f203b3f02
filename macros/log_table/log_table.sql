{#- The log table: `words` (dialect()), `relation`, and `columns`, as models/_sources.yml declares them, a list of {name (lower case),
    type (the warehouse's), data_type (the logical one)} in order. Its name is treated as an unquoted identifier; database and schema
    are taken as given, under the project's quoting, as dbt does with a target's schema. -#}
{% macro log_table(settings) %}
  {%- set words = exec_logger.dialect() -%}
  {%- set columns = [] -%}
  {%- for column in graph.sources['source.exec_logger.exec_logger.process_execution_log'].columns.values() -%}
    {%- set logical = column.data_type -%}
    {%- do columns.append({'name': column.name | lower, 'type': words.types.get(logical, logical), 'data_type': logical}) -%}
  {%- endfor -%}
  {%- set identifier = settings.table | upper if words.folds_to == 'upper' else settings.table | lower -%}
  {%- set relation = api.Relation.create(
    database=settings.database, schema=settings.schema, identifier=identifier, type='table') -%}
  {%- set table = {'words': words, 'relation': relation, 'columns': columns} -%}
  {{ return(table) }}
{% endmacro %}
