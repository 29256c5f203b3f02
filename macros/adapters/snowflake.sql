{% macro snowflake__dialect() %}
  {%- set guard -%}
execute immediate $$
begin
  %(statement)s;
exception
  when other then
    return sqlerrm;
end
$$
  {%- endset -%}
  {%- set guard_counts -%}
execute immediate $$
begin
  let counts varchar := (%(statement)s);
  return counts;
exception
  when other then
    return sqlerrm;
end
$$
  {%- endset -%}
  {%- set words = {
    'folds_to': 'upper',
    'doubles_backslash': true,
    'keeps_nul': true,
    'reports_rows': false,
    'types': {
      'identity': 'number(38, 0) autoincrement',
      'integer': 'number(38, 0)',
      'timestamp': 'timestamp_ntz(9)',
      'json': 'variant',
    },
    'create': ['create schema if not exists %(schema)s', 'create table if not exists %(relation)s (%(columns)s)'],
    'now': 'sysdate()::timestamp_ntz',
    'earlier': "dateadd('microsecond', -%(microseconds)s, now_)",
    'start_and_duration':
      "dateadd('microsecond', timestampdiff('microsecond', final_.execution_start_tmstp, final_.execution_end_tmstp), log_.execution_start_tmstp)",
    'time': "to_timestamp_ntz('%(text)s', 'YYYY-MM-DD HH24:MI:SS.FF6')",
    'time_text': "to_varchar(%(time)s, 'YYYY-MM-DD HH24:MI:SS.FF6')",
    'from_json': 'parse_json(%(text)s)',
    'json_member': ':t::varchar',
    'row_column': 'row_.value:%(name)s::%(type)s as %(name)s',
    'row_time': "to_timestamp_ntz(row_.value:%(name)s::varchar, 'YYYY-MM-DD HH24:MI:SS.FF6') as %(name)s",
    'rows': 'select %(columns)s, %(now)s as insert_tmstp, %(now)s as update_tmstp\n'
      ~ 'from (select parse_json(%(document)s) as rows_) as doc_, lateral flatten(input => doc_.rows_) as row_',
    'guard': guard,
    'problem': none,
    'missing': 'does not exist',
    'count_one': 'select %(number)s as i, count(*) as n from %(relation)s',
    'count_join': ' union all ',
    'counts': "select listagg(n, ',') within group (order by i) from (%s)",
    'guard_counts': guard_counts,
  } -%}
  {{ return(words) }}
{% endmacro %}
