{#- Times as the log writes them: 'YYYY-MM-DD HH:MM:SS.ffffff', UTC. Takes a list of datetimes or their texts (UTC); 'now' is now, by the
    client's clock; none stays none. -#}
{% macro utc_texts(times) %}
  {%- set texts = [] -%}
  {%- for time in times -%}
    {%- set time = modules.datetime.datetime.now(modules.pytz.utc) if time == 'now' else time -%}
    {%- set text = (time | string).replace('T', ' ').replace('Z', '').replace('+00:00', '') -%}
    {%- do texts.append((text if '.' in text else text ~ '.').ljust(26, '0')[:26] if time else none) -%}
  {%- endfor -%}
  {{ return(texts) }}
{% endmacro %}
