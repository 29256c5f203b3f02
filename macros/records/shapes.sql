{#- A text with the values put in for its %(name)s, all in the way that both dbt 1 and 2 understand. -#}
{% macro filled(text, values) %}
  {%- set filled = [text] -%}
  {%- for name, value in values.items() -%}
    {%- do filled.append(filled.pop().replace('%(' ~ name ~ ')s', value | string)) -%}
  {%- endfor -%}
  {{ return(filled[0]) }}
{% endmacro %}

{#- A record from its shape: a JSON text with %(name)s where a value goes. Shapes show a record as it is stored, and they are text to
    Jinja: dbt compiles every macro in every run, and a dict literal costs a hundred times what a text does. -#}
{% macro shaped(shape, values) %}
  {%- set texts = {} -%}
  {#- no value can bring a %(name)s of its own -#}
  {%- for name, value in values.items() -%}{%- do texts.update({name: tojson(value).replace('%', '\\u0025')}) -%}{%- endfor -%}
  {{ return(fromjson(exec_logger.filled(shape, texts))) }}
{% endmacro %}
