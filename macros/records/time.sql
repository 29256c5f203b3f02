{#- A time as the log writes it: 'YYYY-MM-DD HH:MM:SS.ffffff', UTC. Takes a datetime or its text (UTC); without one it is now, by the
    client's clock. -#}
{% macro utc_text(time=none) %}
  {%- set time = time or modules.datetime.datetime.now(modules.pytz.utc) -%}
  {%- set text = (time | string).replace('T', ' ').replace('Z', '').replace('+00:00', '') -%}
  {{ return((text if '.' in text else text ~ '.').ljust(26, '0')[:26]) }}
{% endmacro %}
