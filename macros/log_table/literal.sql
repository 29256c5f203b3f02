{#- The only place where a value becomes SQL text. Returns a literal: null, a number, a quoted text, or, for a dict or list, the
    quoted text of its JSON. The JSON is ASCII, without quotes and dollar signs (U+0027 and U+0024 are written as escapes), so it
    neither ends the literal nor the `$$ … $$` block around it; a plain text goes round the dollar sign with chr(36). U+0000 is
    dropped where the warehouse cannot hold it. -#}
{% macro literal(value) %}
  {%- if value is none -%}{{ return('null') }}{%- endif -%}
  {%- if value is number and value is not boolean -%}{{ return(value | string) }}{%- endif -%}
  {%- set words = exec_logger.run_state().words -%}
  {%- if value is string -%}
    {%- set text = value if words.keeps_nul else value.replace('\x00', '') -%}
    {%- if words.doubles_backslash -%}{%- set text = text.replace('\\', '\\\\') -%}{%- endif -%}
    {{ return("'" ~ text.replace("'", "''").replace('$', "' || chr(36) || '") ~ "'") }}
  {%- endif -%}
  {{ return("'" ~ exec_logger.json_body(value, words) ~ "'") }}
{% endmacro %}

{#- The JSON of a dict or list as it stands between the quotes of a literal. -#}
{% macro json_body(value, words) %}
  {%- set text = tojson(value).replace("'", '\\u0027').replace('$', '\\u0024') -%}
  {%- if not words.keeps_nul and '\\u0000' in text -%}
    {#- an escape begins at an odd backslash: `\\u0000` is a backslash and the text u0000 -#}
    {%- set text = modules.re.sub('(?<!\\\\)((?:\\\\\\\\)*)\\\\u0000', '\\1', text) -%}
  {%- endif -%}
  {{ return(text.replace('\\', '\\\\') if words.doubles_backslash else text) }}
{% endmacro %}
