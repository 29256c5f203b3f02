{#- Times as the log writes them: 'YYYY-MM-DD HH:MM:SS.ffffff', UTC. Takes a list of datetimes or their texts (UTC); 'now' is now, by the
    client's clock; none stays none. -#}
{% macro utc_texts(times) %}
  {%- set texts = [] -%}
  {%- for time in times -%}
    {%- if time == 'now' -%}{%- set time = modules.datetime.datetime.now(modules.pytz.utc) -%}{%- endif -%}
    {%- if time -%}
      {%- set text = (time | string).replace('T', ' ').replace('Z', '').replace('+00:00', '') -%}
      {#- of a whole second Python shows no fraction -#}
      {%- if '.' not in text -%}{%- set text = text ~ '.' -%}{%- endif -%}
      {%- do texts.append(text.ljust(26, '0')[:26]) -%}
    {%- else -%}
      {%- do texts.append(none) -%}
    {%- endif -%}
  {%- endfor -%}
  {{ return(texts) }}
{% endmacro %}
