{% macro snowflake__dialect() %}
  {{ return({
    'folds_to': 'upper',
    'doubles_backslash': true,
    'keeps_nul': true,
    'guarded': true,
    'reports_rows': false,
    'types': {
      'identity': 'number(38, 0) autoincrement',
      'integer': 'number(38, 0)',
      'timestamp': 'timestamp_ntz(9)',
      'json': 'variant',
    },
    'now': 'sysdate()',
    'as_json': 'parse_json(%s)',
    'as_text': '%s::varchar',
    'stamp': "to_varchar(%s, 'YYYY-MM-DD HH24:MI:SS.FF6')",
    'earlier': "dateadd('microsecond', -%(microseconds)s, %(at)s)",
    'moved': "dateadd('microsecond', timestampdiff('microsecond', %(start)s, %(end)s), %(at)s)",
  }) }}
{% endmacro %}

{% macro snowflake__rows_of(document, columns) %}
  {%- set types = exec_logger.dialect().types -%}
  select
  {%- for column in columns %}
    row_.value:{{ column.name }}::{{ types.get(column.data_type, column.data_type) }} as {{ column.name }},
  {%- endfor %}
    sysdate() as moment
  from (select parse_json({{ document }}) as rows_) doc_, lateral flatten(input => doc_.rows_) row_
{% endmacro %}

{% macro snowflake__create_statements(relation, columns) %}
  {{ return([
    'create schema if not exists ' ~ relation.without_identifier(),
    'create table if not exists ' ~ relation ~ ' ' ~ exec_logger.column_list(columns),
  ]) }}
{% endmacro %}

{% macro snowflake__guard(statements, unless_exists) %}
execute immediate $$
begin
  {{ statements | join(';\n  ') }};
exception
  when other then
    return sqlerrm;
end
$$
{% endmacro %}

{% macro snowflake__count_rows(relations) %}
execute immediate $$
begin
  let counts varchar := (
    select listagg(n, ',') within group (order by i) from (
    {%- for relation in relations %}
      {{ 'union all ' if not loop.first }}select {{ loop.index }} as i, count(*) as n from {{ relation }}
    {%- endfor %}
    )
  );
  return counts;
exception
  when other then
    return sqlerrm;
end
$$
{% endmacro %}
