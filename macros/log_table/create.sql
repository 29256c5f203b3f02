{#- At the start of a run: creates schema and table where they are missing, in one statement. Whether that worked shows in the first
    write, so a missing privilege on a table that exists already is no problem. Returns SQL for the hook to run, or nothing where it
    has been run. -#}
{% macro create_log_table() %}
  {%- set state = exec_logger.run_state() -%}
  {%- set statements = exec_logger.create_statements(state.relation, state.columns, state.words) -%}
  {%- for unique_id in state.plan or [] -%}
    {%- set node = graph.nodes.get(unique_id) -%}
    {%- if node and node.schema == state.relation.schema and node.resource_type in ('model', 'seed', 'snapshot')
        and statements[0].startswith('create schema') -%}
      {#- dbt has just made sure of that schema, and asking for it again needs a privilege that many users do not have -#}
      {%- do statements.pop(0) -%}
    {%- endif -%}
  {%- endfor -%}
  {%- if state.words.guard_create -%}
    {%- do exec_logger.first_value(
      state.words.guard_create | format(relation=state.relation, statements=statements | join(';\n  '))) -%}
    {{ return('') }}
  {%- endif -%}
  {{ return(statements | join(';\n') ~ ';\n') }}
{% endmacro %}

{#- The statements, in order, that create schema and table where they are missing. -#}
{% macro create_statements(relation, columns, words) %}
  {%- set sequence = relation.incorporate(path={'identifier': relation.identifier ~ '_seq'}) -%}
  {%- set ddl = [] -%}
  {%- for column in columns -%}
    {%- do ddl.append(column.name ~ ' ' ~ words.types.get(column.data_type, column.data_type) | format(sequence=sequence)) -%}
  {%- endfor -%}
  {%- set statements = [] -%}
  {%- for statement in words.create -%}
    {%- do statements.append(statement | format(
      schema=relation.without_identifier(), schema_name=relation.without_identifier().include(database=false), relation=relation, columns='\n  ' ~ ddl | join(',\n  ') ~ '\n',
      sequence=sequence, index=relation.identifier)) -%}
  {%- endfor -%}
  {{ return(statements) }}
{% endmacro %}
