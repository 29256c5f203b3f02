{#- DuckDB runs inside dbt, so the client's clock is the warehouse's (its own current_timestamp stands still in a transaction). It has
    no identity columns: a sequence stands beside the table. It cannot catch an error: there is no guard. -#}
{% macro duckdb__dialect() %}
  {%- set final_end -%}
coalesce(
    log_.execution_end_tmstp,
    case
      when final_.record_type = 'JOB' then final_.update_tmstp
      else log_.execution_start_tmstp + (final_.execution_end_tmstp - final_.execution_start_tmstp)
    end,
    final_.execution_end_tmstp
  )
  {%- endset -%}
  {%- set final_step -%}
(coalesce(
    replace(replace(final_.step_execution_obj::varchar,
      strftime(final_.execution_start_tmstp, '%Y-%m-%d %H:%M:%S.%f'), strftime(%(start)s, '%Y-%m-%d %H:%M:%S.%f')),
      strftime(final_.execution_end_tmstp, '%Y-%m-%d %H:%M:%S.%f'), strftime(%(end)s, '%Y-%m-%d %H:%M:%S.%f')),
    final_.step_execution_obj::varchar))::json
  {%- endset -%}
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
    'earlier': 'coalesce(%(at)s - (final_.execution_end_tmstp - final_.execution_start_tmstp), %(at)s)',
    'final_end': final_end,
    'final_step': final_step,
    'row_column': '"%(name)s": "%(type)s"',
    'rows': "select *, %(now)s as insert_tmstp, %(now)s as update_tmstp\nfrom (select unnest(from_json(%(document)s, '[{%(columns)s}]'), recursive := true))",
    'guard': none,
    'problem': none,
    'guard_create': none,
    'count_one': '(select count(*) from %(relation)s)',
    'count_join': ', ',
    'counts': "select concat_ws(',', %s)",
    'guard_counts': none,
  }) }}
{% endmacro %}
