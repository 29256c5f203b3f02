{#- DuckDB runs inside dbt, so the client's clock is the warehouse's (its own current_timestamp stands still in a transaction). It has
    no identity columns: a sequence stands beside the table. It cannot catch an error: there is no guard. -#}
{% macro duckdb__dialect() %}
  {{ return({
    'folds_to': 'upper',
    'doubles_backslash': false,
    'keeps_nul': true,
    'reports_rows': false,
    'types': {
      'identity': "bigint default nextval('%(sequence)s')",
      'integer': 'bigint',
      'timestamp': 'timestamp',
      'json': 'json',
    },
    'create': [
      'create schema if not exists %(schema)s',
      'create sequence if not exists %(sequence)s',
      'create table if not exists %(relation)s (%(columns)s)',
    ],
    'now': "timestamp '%(client)s'",
    'as_json': '(%s)::json',
    'as_text': '%s::varchar',
    'stamp': "strftime(%s, '%%Y-%%m-%%d %%H:%%M:%%S.%%f')",
    'earlier': '%(at)s - to_microseconds(%(microseconds)s)',
    'moved': '%(at)s + (%(end)s - %(start)s)',
    'row_column': '"%(name)s": "%(type)s"',
    'rows': "select *, %(now)s as moment\nfrom (select unnest(from_json(%(document)s, '[{%(columns)s}]'), recursive := true))",
    'guard': none,
    'guard_create': none,
    'count_one': '(select count(*) from %(relation)s)',
    'count_join': ', ',
    'counts': "select concat_ws(',', %s)",
  }) }}
{% endmacro %}
