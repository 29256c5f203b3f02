{#- What streams need of a warehouse beyond exec_logger's own words. Keys:
      object      a JSON object of (key, value, …)
      seconds     the time between (start) and (end)
      days_later  (days) after (date)
      alone       whether a process has the database to itself, so that every other run that says RUNNING is dead -#}
{% macro stream_dialect() %}{{ return(adapter.dispatch('stream_dialect', 'exec_logger_streams')()) }}{% endmacro %}

{% macro snowflake__stream_dialect() %}
  {{ return({
    'object': 'object_construct_keep_null(%s)',
    'seconds': "(timestampdiff('microsecond', %(start)s, %(end)s) / 1000000.0)",
    'days_later': "dateadd('day', %(days)s, %(date)s)",
    'alone': false,
  }) }}
{% endmacro %}

{% macro postgres__stream_dialect() %}
  {{ return({
    'object': 'jsonb_build_object(%s)',
    'seconds': 'extract(epoch from (%(end)s - %(start)s))',
    'days_later': '(%(date)s + %(days)s)',
    'alone': false,
  }) }}
{% endmacro %}

{% macro duckdb__stream_dialect() %}
  {%- set path = target.path or '' -%}
  {{ return({
    'object': 'json_object(%s)',
    'seconds': 'epoch(%(end)s - %(start)s)',
    'days_later': '(%(date)s + %(days)s)',
    'alone': '://' not in path and not path.startswith('md:'),
  }) }}
{% endmacro %}
