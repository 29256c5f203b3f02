{#- DuckDB runs inside dbt, so the client's clock is the warehouse's (its own current_timestamp stands still in a transaction). It has
    no identity columns: a sequence stands beside the table. It cannot catch an error: there is no guard. -#}
{% macro duckdb__dialect() %}
  {%- set words = {
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
    'earlier': 'now_ - to_microseconds(%(microseconds)s)',
    'start_and_duration': 'log_.execution_start_tmstp + (final_.execution_end_tmstp - final_.execution_start_tmstp)',
    'time': "timestamp '%(text)s'",
    'time_text': "strftime(%(time)s, '%Y-%m-%d %H:%M:%S.%f')",
    'from_json': 'cast(%(text)s as json)',
    'json_member': " ->> 't'",
    'row_column': '"%(name)s": "%(type)s"',
    'row_time': '"%(name)s": "%(type)s"',
    'rows': "select *, %(now)s as insert_tmstp, %(now)s as update_tmstp\nfrom (select unnest(from_json(%(document)s, '[{%(columns)s}]'), recursive := true))",
    'guard': none,
    'problem': none,
    'missing': none,
    'count_one': '(select count(*) from %(relation)s)',
    'count_join': ', ',
    'counts': "select concat_ws(',', %s)",
    'guard_counts': none,
  } -%}
  {{ return(words) }}
{% endmacro %}
