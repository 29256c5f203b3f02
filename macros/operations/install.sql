{% macro install(dry_run=false) %}
  {%- set table = exec_logger.log_table(exec_logger.settings()) -%}
  {%- set relation = table.relation -%}
  {%- set statements = exec_logger.create_statements(table) -%}
  {%- if adapter.check_schema_exists(relation.database, relation.schema) -%}
    {#- where the schema exists, creating it would only ask for a privilege -#}
    {%- do statements.pop(0) -%}
    {%- set existing = adapter.get_relation(relation.database, relation.schema, relation.identifier) -%}
    {%- if existing -%}
      {%- set found = adapter.get_columns_in_relation(existing) | map(attribute='name') | map('lower') | list -%}
      {%- set changes = [] -%}
      {%- for column in table.columns if column.name not in found -%}
        {%- do changes.append(
          'alter table ' ~ relation ~ ' add column ' ~ column.name ~ ' ' ~ column.type) -%}
      {%- endfor -%}
      {#- the rows of the old format, one per job, had no record type -#}
      {%- do changes.append('update ' ~ relation ~ " set record_type = 'JOB' where record_type is null") -%}
      {%- set statements = changes + statements -%}
    {%- endif -%}
  {%- endif -%}
  {%- for statement_ in statements -%}
    {%- if dry_run -%}
      {%- do print(statement_ ~ ';') -%}
    {%- else -%}
      {%- call statement(auto_begin=true) -%}{{ statement_ }}{%- endcall -%}
      {%- do adapter.commit() -%}
    {%- endif -%}
  {%- endfor -%}
  {%- if not dry_run -%}
    {%- do log('exec_logger: ' ~ relation ~ ' is ready.', info=true) -%}
  {%- endif -%}
{% endmacro %}
