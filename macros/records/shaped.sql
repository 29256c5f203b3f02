{#- A record from its shape: a JSON text with %(name)s where a value goes. Shapes show a record as it is stored, and they are text to
    Jinja: dbt compiles every macro in every run, and a dict literal costs a hundred times what a text does. -#}
{% macro shaped(shape, values) %}
  {%- set texts = {} -%}
  {%- for name, value in values.items() -%}{%- do texts.update({name: tojson(value)}) -%}{%- endfor -%}
  {{ return(fromjson(shape | format(**texts))) }}
{% endmacro %}
