{% macro snowflake__dialect() %}
  {%- set guard -%}
execute immediate $$
begin
  %s;
exception
  when other then
    return sqlerrm;
end
$$
  {%- endset -%}
  {%- set counts -%}
execute immediate $$
begin
  let counts varchar := (select listagg(n, ',') within group (order by i) from (%s));
  return counts;
exception
  when other then
    return sqlerrm;
end
$$
  {%- endset -%}
  {{ return({
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
    'as_json': 'parse_json(%s)',
    'as_text': '%s::varchar',
    'stamp': "to_varchar(%s, 'YYYY-MM-DD HH24:MI:SS.FF6')",
    'earlier': "dateadd('microsecond', -%(microseconds)s, %(at)s)",
    'moved': "dateadd('microsecond', timestampdiff('microsecond', %(start)s, %(end)s), %(at)s)",
    'row_column': 'row_.value:%(name)s::%(type)s as %(name)s',
    'rows': 'select %(columns)s, %(now)s as moment\n'
      ~ 'from (select parse_json(%(document)s) as rows_) as doc_, lateral flatten(input => doc_.rows_) as row_',
    'guard': guard,
    'guard_create': guard | replace('%s', '%(statements)s'),
    'count_one': 'select %(number)s as i, count(*) as n from %(relation)s',
    'count_join': ' union all ',
    'counts': counts,
  }) }}
{% endmacro %}
