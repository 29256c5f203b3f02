{#- Free text from outside (messages, commands), at most `limit` characters, with half surrogates, which no warehouse takes,
    replaced. What was cut off is said at the end. -#}
{% macro bounded_text(text, limit=32000) %}
  {%- set whole = modules.re.sub('[\\ud800-\\udfff]', '\ufffd', text | string) -%}
  {%- if whole | length <= limit -%}{{ return(whole) }}{%- endif -%}
  {%- set note = ' … [' ~ (whole | length) ~ ' characters in all]' -%}
  {{ return(whole[:limit - (note | length)] ~ note) }}
{% endmacro %}

{#- Any value as JSON can hold it: what is not a dict, list, text, finite number, boolean or none becomes text. -#}
{% macro json_safe(value) %}
  {%- if value is none or value is boolean or value is integer
      or (value is number and (value | string) not in ['nan', 'inf', '-inf']) -%}
    {{ return(value) }}
  {%- elif value is mapping -%}
    {%- set safe = {} -%}
    {%- for key, item in value.items() -%}{%- do safe.update({key | string: exec_logger.json_safe(item)}) -%}{%- endfor -%}
    {{ return(safe) }}
  {%- elif value is sequence and value is not string -%}
    {%- set safe = [] -%}
    {%- for item in value -%}{%- do safe.append(exec_logger.json_safe(item)) -%}{%- endfor -%}
    {{ return(safe) }}
  {%- endif -%}
  {{ return(exec_logger.bounded_text(value)) }}
{% endmacro %}
