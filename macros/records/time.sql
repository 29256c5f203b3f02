{#- A time as the log writes it: 'YYYY-MM-DD HH:MM:SS.ffffff', UTC. Takes a datetime, the text of one, or none (then: now, by the
    client's clock). -#}
{% macro utc_text(time=none) %}
  {%- if time is none -%}{%- set time = modules.datetime.datetime.now(modules.pytz.utc) -%}{%- endif -%}
  {%- if time is string -%}{{ return((time.replace('T', ' ').replace('Z', '') ~ '.000000')[:26]) }}{%- endif -%}
  {{ return(time.strftime('%Y-%m-%d %H:%M:%S.%f')) }}
{% endmacro %}

{#- Whole microseconds between two texts of utc_text(). -#}
{% macro microseconds_between(start, end) %}
  {%- set pattern = '%Y-%m-%d %H:%M:%S.%f' -%}
  {%- set elapsed = modules.datetime.datetime.strptime(end, pattern) - modules.datetime.datetime.strptime(start, pattern) -%}
  {{ return((elapsed.total_seconds() * 1000000) | round | int) }}
{% endmacro %}
