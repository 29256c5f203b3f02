{#- The INSERT of one record by a live hook, to be filled with (client, document): made once per run. The record's own times are the
    client's; what is written is the warehouse's clock: the record's last time becomes now, its start as much earlier as it was, and
    the timeline says the same. -#}
{% macro insert_statement(state) %}
  {%- set words = state.words -%}
  {%- set start = words.earlier.replace('%(at)s', 'final_.update_tmstp') -%}
  {%- set end = 'case when final_.execution_end_tmstp is not null then final_.update_tmstp end' -%}
  {%- set clocked = {
    'execution_start_tmstp': start, 'extract_start_tmstp': start, 'execution_end_tmstp': end, 'extract_end_tmstp': end,
    'step_execution_obj': words.final_step.replace('%(start)s', start).replace('%(end)s', end), 'insert_tmstp': 'final_.update_tmstp',
  } -%}
  {%- set names = state.columns[1:] | map(attribute='name') | list -%}
insert into {{ state.relation }} ({{ names | join(', ') }})
select {% for name in names %}{{ clocked[name] or 'final_.' ~ name }}{{ ', ' if not loop.last }}{% endfor %}
from {{ exec_logger.record_rows(state, names) }}
{% endmacro %}
