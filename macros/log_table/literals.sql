{#- The only place where values become SQL text. Takes a record, returns name → literal: null, a number, a quoted text, or, for a dict or
    list, the quoted text of its JSON. -#}
{% macro literals(words, record) %}
  {%- set found = {} -%}
  {%- for name, value in record.items() -%}
    {%- if value is none -%}
      {%- set sql = 'null' -%}
    {%- elif value is string -%}
      {%- set sql = value.replace("'", "''").replace('$', "' || chr(36) || '") -%}
      {%- set sql = "'" ~ (sql if words.keeps_nul else sql.replace('\x00', '')) ~ "'" -%}
      {%- set sql = sql.replace('\\', '\\\\') if words.doubles_backslash else sql -%}
    {%- elif value is number -%}
      {%- set sql = value | string -%}
    {%- else -%}
      {%- set sql = "'" ~ exec_logger.json_body(words, value) ~ "'" -%}
    {%- endif -%}
    {%- do found.update({name: sql}) -%}
  {%- endfor -%}
  {{ return(found) }}
{% endmacro %}

{#- The JSON of a dict or list as it stands between the quotes of a literal: ASCII, without quotes and dollar signs (they are written as
    escapes), so that it ends neither the literal nor the `$$ … $$` block around it. U+0000 is dropped where the warehouse cannot
    hold it. -#}
{% macro json_body(words, value) %}
  {%- set text = tojson(value).replace("'", '\\u0027').replace('$', '\\u0024') -%}
  {%- if words.doubles_backslash -%}{{ return(text.replace('\\', '\\\\')) }}{%- endif -%}
  {%- if '\\u0000' in text and not words.keeps_nul -%}
    {#- an escape begins at an odd backslash: `\\u0000` is a backslash and the text u0000 -#}
    {{ return(modules.re.sub('(?<!\\\\)((?:\\\\\\\\)*)\\\\u0000', '\\1', text)) }}
  {%- endif -%}
  {{ return(text) }}
{% endmacro %}
