{#- DuckDB runs inside dbt, so the client's clock is the warehouse's; its own current_timestamp stands still in a transaction. -#}
{% macro duckdb__dialect() %}
  {{ return({
    'folds_to': 'upper',
    'doubles_backslash': false,
    'keeps_nul': true,
    'guarded': false,
    'reports_rows': false,
    'types': {
      'identity': 'bigint',
      'integer': 'bigint',
      'timestamp': 'timestamp',
      'json': 'json',
    },
    'now': "timestamp '%(client)s'",
    'as_json': '(%s)::json',
    'as_text': '%s::varchar',
    'stamp': "strftime(%s, '%%Y-%%m-%%d %%H:%%M:%%S.%%f')",
    'earlier': '%(at)s - to_microseconds(%(microseconds)s)',
    'moved': '%(at)s + (%(end)s - %(start)s)',
  }) }}
{% endmacro %}

{% macro duckdb__rows_of(document, columns) %}
  {%- set words = exec_logger.dialect() -%}
  {%- set shape = {} -%}
  {%- for column in columns -%}
    {%- do shape.update({column.name: words.types.get(column.data_type, column.data_type)}) -%}
  {%- endfor -%}
  select *, {{ words.now | format(client=exec_logger.utc_text()) }} as moment
  from (select unnest(from_json({{ document }}, '{{ tojson([shape]) }}'), recursive := true))
{% endmacro %}

{#- DuckDB has no identity columns: a sequence stands beside the table. -#}
{% macro duckdb__create_statements(relation, columns) %}
  {%- set sequence = relation.incorporate(path={'identifier': relation.identifier ~ '_seq'}) -%}
  {%- set identity = "bigint default nextval('" ~ (sequence | string | replace("'", "''")) ~ "')" -%}
  {{ return([
    'create schema if not exists ' ~ relation.without_identifier(),
    'create sequence if not exists ' ~ sequence,
    'create table if not exists ' ~ relation ~ ' ' ~ exec_logger.column_list(columns, {'identity': identity}),
  ]) }}
{% endmacro %}

{% macro duckdb__count_rows(relations) %}
select concat_ws(',' {%- for relation in relations %}, (select count(*) from {{ relation }}){% endfor %})
{% endmacro %}
