{#- The only place where values become SQL text: all of them travel in one JSON document. Takes JSON text as tojson() writes it (ASCII),
    returns it as it stands between the quotes of a literal: without quotes and dollar signs (they are written as escapes), so that it
    ends neither the literal nor the `$$ … $$` block around it. U+0000 is dropped where the warehouse cannot hold it. -#}
{% macro json_body(words, json) %}
  {%- set text = json.replace("'", '\\u0027').replace('$', '\\u0024') -%}
  {%- if words.doubles_backslash -%}{{ return(text.replace('\\', '\\\\')) }}{%- endif -%}
  {%- if '\\u0000' in text and not words.keeps_nul -%}
    {#- an escape begins at an odd backslash: `\\u0000` is a backslash and the text u0000 -#}
    {{ return(modules.re.sub('(?<!\\\\)((?:\\\\\\\\)*)\\\\u0000', '\\1', text)) }}
  {%- endif -%}
  {{ return(text) }}
{% endmacro %}
