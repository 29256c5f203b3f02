{#- Records as rows of a subquery `final_` with the columns `names`, and INSERT_TMSTP and UPDATE_TMSTP (now) besides: to be filled with
    (client, document), where the document is what json_body() makes of the records. -#}
{% macro record_rows(state, names) %}
  {%- set read = [] -%}
  {%- for column in state.columns if column.name in names and column.name not in ['insert_tmstp', 'update_tmstp'] -%}
    {%- set word = state.words.row_time if column.data_type == 'timestamp' else state.words.row_column -%}
    {%- do read.append(word.replace('%(name)s', column.name).replace('%(type)s', column.type)) -%}
  {%- endfor -%}
  {%- set rows = state.words.rows.replace('%(now)s', state.words.now).replace('%(columns)s', read | join(', ')) -%}
(
{{ rows.replace('%(document)s', "'[%(document)s]'") }}
) as final_
{%- endmacro %}
