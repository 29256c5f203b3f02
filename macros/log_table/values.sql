{#- Column → its value as SQL, for what is not null in `record`, a dict with the columns of the log table; `start` is the SQL of its start.
    Its times are the texts %start% and %end%: the warehouse puts its own clock in their place, now_ for the end. -#}
{% macro column_values(state, record, start) %}
  {%- set words = state.words -%}
  {%- set values = {} -%}
  {%- for column in state.columns if record.get(column.name) is not none -%}
    {%- set value = record[column.name] -%}
    {%- if column.data_type == 'timestamp' -%}
      {%- set sql = start if value == '%start%' else 'now_' -%}
    {%- elif column.data_type == 'json' -%}
      {%- set sql = "'" ~ exec_logger.json_body(words, tojson(value)) ~ "'" -%}
      {%- if column.name == 'step_execution_obj' -%}
        {%- set sql = 'replace(' ~ sql ~ ", '%start%', " ~ words.time_text.replace('%(time)s', start) ~ ')' -%}
        {%- if record.execution_end_tmstp -%}
          {%- set sql = 'replace(' ~ sql ~ ", '%end%', " ~ words.time_text.replace('%(time)s', 'now_') ~ ')' -%}
        {%- endif -%}
      {%- endif -%}
      {%- set sql = words.from_json.replace('%(text)s', sql) -%}
    {%- else -%}
      {%- set sql = value if column.data_type == 'integer' else exec_logger.text_value(words, exec_logger.json_body(words, tojson(value))) -%}
    {%- endif -%}
    {%- do values.update({column.name: sql}) -%}
  {%- endfor -%}
  {{ return(values) }}
{% endmacro %}

{#- A text as SQL, from what json_body() makes of it. Where nothing had to be escaped, the JSON text is the text in quotes. -#}
{% macro text_value(words, body) %}
  {%- if '\\' not in body -%}{{ return("'" ~ body[1:-1] ~ "'") }}{%- endif -%}
  {{ return(words.from_json.replace('%(text)s', "'{\"t\": " ~ body ~ "}'") ~ words.json_member) }}
{% endmacro %}
