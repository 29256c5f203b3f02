{#- What streams need of a warehouse beyond exec_logger's own words. Keys:
      object         a JSON object of (key, value, …)
      seconds        the time between (start) and (end)
      session_time   (time), in UTC, as the session's clock shows it
      days_later     (days) after (date)
      alone          whether a process has the database to itself, so that every other run that says RUNNING is dead -#}
{% macro stream_dialect() %}{{ return(adapter.dispatch('stream_dialect', 'exec_logger_streams')()) }}{% endmacro %}

{% macro snowflake__stream_dialect() %}
  {{ return({
    'object': 'object_construct_keep_null(%s)',
    'seconds': "(timestampdiff('microsecond', %(start)s, %(end)s) / 1000000.0)",
    'session_time': "dateadd('second', timestampdiff('second', sysdate(), current_timestamp::timestamp_ntz), %(time)s)",
    'days_later': "dateadd('day', %(days)s, %(date)s)",
    'alone': false,
  }) }}
{% endmacro %}

{% macro postgres__stream_dialect() %}
  {{ return({
    'object': 'jsonb_build_object(%s)',
    'seconds': 'extract(epoch from (%(end)s - %(start)s))',
    'session_time': "cast((%(time)s) at time zone 'utc' as timestamp)",
    'days_later': '(%(date)s + %(days)s)',
    'alone': false,
  }) }}
{% endmacro %}

{% macro duckdb__stream_dialect() %}
  {%- set path = target.path or '' -%}
  {{ return({
    'object': 'json_object(%s)',
    'seconds': 'epoch(%(end)s - %(start)s)',
    'session_time': "cast((%(time)s) at time zone 'utc' as timestamp)",
    'days_later': '(%(date)s + %(days)s)',
    'alone': '://' not in path and not path.startswith('md:'),
  }) }}
{% endmacro %}
