{#- The INSERT of one record (column_values()) by the warehouse's clock: what has ended has done so now, and began (microseconds) earlier. -#}
{% macro insert_statement(state, record, now) %}
  {%- set earlier = record.execution_end_tmstp -%}
  {%- set values = exec_logger.column_values(state, record, 'start_' if earlier else 'now_') -%}
  {%- do values.update({'insert_tmstp': 'now_', 'update_tmstp': 'now_'}) -%}
insert into {{ state.relation }} ({{ values | join(', ') }})
select {{ values.values() | join(', ') }}
from (select {{ 'now_, ' ~ state.words.earlier ~ ' as start_ from (select ' if earlier }}{{ now }} as now_{{ ') as utc_' if earlier }}) as clock_
{%- endmacro %}
