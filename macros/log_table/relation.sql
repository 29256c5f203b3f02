{#- The log table as a relation. Its name is treated as an unquoted identifier; database and schema are taken as given, under the
    project's quoting, as dbt does with a target's schema. -#}
{% macro log_relation(settings, words) %}
  {%- set identifier = settings.table | upper if words.folds_to == 'upper' else settings.table | lower -%}
  {{ return(api.Relation.create(database=settings.database, schema=settings.schema, identifier=identifier, type='table')) }}
{% endmacro %}

{#- The columns of the log table as models/_sources.yml declares them: a list of {name (lower case), data_type}, in order. -#}
{% macro log_columns() %}
  {%- set columns = [] -%}
  {%- for column in graph.sources['source.exec_logger.exec_logger.process_execution_log'].columns.values() -%}
    {%- do columns.append({'name': column.name | lower, 'data_type': column.data_type}) -%}
  {%- endfor -%}
  {{ return(columns) }}
{% endmacro %}

{#- `(name type, …)` for the DDL. `overrides` replaces the warehouse's word for a logical type. -#}
{% macro column_list(columns, overrides={}) %}
  {%- set types = exec_logger.dialect().types -%}
  {%- set ddl = [] -%}
  {%- for column in columns -%}
    {%- do ddl.append(column.name ~ ' ' ~ overrides.get(column.data_type, types.get(column.data_type, column.data_type))) -%}
  {%- endfor -%}
  {{ return('(\n  ' ~ ddl | join(',\n  ') ~ '\n)') }}
{% endmacro %}
