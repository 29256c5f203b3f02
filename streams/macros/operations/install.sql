{% macro install(dry_run=false) %}
  {%- set state = exec_logger_streams.stream_state() -%}
  {%- set schema_exists = adapter.check_schema_exists(state.settings.dcf_database, state.settings.dcf_schema) -%}
  {%- set statements = [] -%}
  {%- for table in exec_logger_streams.control_tables(state.settings, state.words) -%}
    {%- set create = exec_logger.create_statements(table) -%}
    {#- where the schema exists, creating it would only ask for a privilege -#}
    {%- if schema_exists or loop.index > 1 -%}{%- do create.pop(0) -%}{%- endif -%}
    {%- set relation = table.relation -%}
    {%- set existing = adapter.get_relation(relation.database, relation.schema, relation.identifier) if schema_exists -%}
    {%- if existing -%}
      {%- set found = adapter.get_columns_in_relation(existing) | map(attribute='name') | map('lower') | list -%}
      {%- for column in table.columns if column.name not in found -%}
        {%- do statements.append('alter table ' ~ relation ~ ' add column ' ~ column.name ~ ' ' ~ column.type) -%}
      {%- endfor -%}
    {%- endif -%}
    {%- do statements.extend(create) -%}
  {%- endfor -%}
  {%- if dry_run -%}
    {%- for statement_ in statements -%}{%- do print(statement_ ~ ';') -%}{%- endfor -%}
  {%- else -%}
    {%- do exec_logger_streams.commit_now(statements) -%}
    {%- do log('exec_logger_streams: the control tables in ' ~ state.tables.dcf_t_strm.without_identifier() ~ ' are ready.', info=true) -%}
  {%- endif -%}
{% endmacro %}
