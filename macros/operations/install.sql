{% macro install(dry_run=false) %}
  {%- set settings = exec_logger.settings() -%}
  {%- set words = exec_logger.dialect() -%}
  {%- set relation = exec_logger.log_relation(settings, words) -%}
  {%- set columns = exec_logger.log_columns() -%}
  {%- set statements = exec_logger.create_statements(relation, columns) -%}
  {%- if adapter.check_schema_exists(relation.database, relation.schema) -%}
    {#- where the schema exists, its creation would only ask for a privilege -#}
    {%- set statements = statements[1:] -%}
    {%- set found = adapter.get_columns_in_relation(relation) if exec_logger.exists(relation) else [] -%}
    {%- if found -%}
      {%- set found = found | map(attribute='name') | map('lower') | list -%}
      {%- for column in columns if column.name not in found -%}
        {%- do statements.append(
          'alter table ' ~ relation ~ ' add column ' ~ column.name ~ ' ' ~ words.types.get(column.data_type, column.data_type)) -%}
      {%- endfor -%}
      {%- do statements.append('update ' ~ relation ~ " set record_type = 'JOB' where record_type is null") -%}
    {%- endif -%}
  {%- endif -%}
  {%- for statement in statements -%}
    {%- if dry_run -%}
      {%- do print(statement ~ ';') -%}
    {%- else -%}
      {%- call statement(auto_begin=true) -%}{{ statement }}{%- endcall -%}
    {%- endif -%}
  {%- endfor -%}
  {%- if not dry_run -%}
    {%- do adapter.commit() -%}
    {%- do log('exec_logger: ' ~ relation ~ ' is ready.', info=true) -%}
  {%- endif -%}
{% endmacro %}
