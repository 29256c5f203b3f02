{#- A value as SQL: all text goes through exec_logger's one escaping macro. -#}
{% macro sql_value(state, value) %}
  {%- if value is none -%}{{ return('null') }}{%- endif -%}
  {%- if value is number -%}{{ return(value | string) }}{%- endif -%}
  {%- set text = exec_logger.bounded_text(value, 30000) -%}
  {{ return('(' ~ exec_logger.text_value(state.words, exec_logger.json_body(state.words, tojson(text))) ~ ')') }}
{% endmacro %}

{#- A JSON document as SQL. -#}
{% macro sql_json(state, document) %}
  {%- set body = exec_logger.json_body(state.words, tojson(exec_logger.json_safe(document))) -%}
  {{ return(state.words.from_json.replace('%(text)s', "'" ~ body ~ "'")) }}
{% endmacro %}

{#- The SQL of a JSON object, from keys (plain words) and the SQL of their values. -#}
{% macro sql_object(state, values) %}
  {%- set parts = [] -%}
  {%- for key, value in values.items() -%}{%- do parts.append("'" ~ key ~ "', " ~ value) -%}{%- endfor -%}
  {{ return(state.words.object.replace('%s', parts | join(', '))) }}
{% endmacro %}

{#- The warehouse's clock, UTC without a zone. -#}
{% macro sql_now(state) %}
  {{ return(state.words.now.replace('%(client)s', exec_logger.utc_texts(['now'])[0])) }}
{% endmacro %}

{#- INSERT INTO a control table, from column → SQL. -#}
{% macro sql_insert(relation, values, tail='') %}
  {{ return('insert into ' ~ relation ~ ' (' ~ values | join(', ') ~ ')\nselect ' ~ values.values() | join(', ') ~ ' ' ~ tail) }}
{% endmacro %}

{#- Runs statements before the model's own transaction begins, and commits them: others see them at once, and a failure or a kill keeps
    them. Only for pre-hooks. -#}
{% macro commit_now(statements) %}
  {%- for statement_ in statements -%}
    {%- call statement(auto_begin=true) -%}{{ statement_ }}{%- endcall -%}
  {%- endfor -%}
  {%- do adapter.commit() -%}
{% endmacro %}
