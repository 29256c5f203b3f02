{#- The MERGE that writes the final state of records, whatever the live hooks managed to write: one JSON document with an object each,
    turned into rows by the warehouse; to be filled with (client, document). A row that a live hook wrote keeps the warehouse's clock:
    its start stays, an end that is missing is its start and dbt's duration (for the job: now), and the timeline is put onto the same
    clock. -#}
{% macro merge_statement(state) %}
  {%- set words = state.words -%}
  {%- set start = 'coalesce(log_.execution_start_tmstp, final_.execution_start_tmstp)' -%}
  {%- set end -%}
coalesce(
    log_.execution_end_tmstp,
    case when final_.record_type = 'JOB' then final_.update_tmstp else {{ words.start_and_duration }} end,
    final_.execution_end_tmstp
  )
  {%- endset -%}
  {%- set step = 'final_.step_execution_obj::varchar' -%}
  {%- set steps = [step] -%}
  {%- for times in [['final_.execution_start_tmstp', start], ['final_.execution_end_tmstp', end]] -%}
    {%- set texts = [] -%}
    {%- for time in times -%}{%- do texts.append(words.time_text.replace('%(time)s', time)) -%}{%- endfor -%}
    {%- do steps.append('replace(' ~ steps.pop() ~ ', ' ~ texts | join(', ') ~ ')') -%}
  {%- endfor -%}
  {%- set own = 'process_config_sk process_step_id insert_tmstp deleted_ind process_config_obj
    execution_start_tmstp extract_start_tmstp execution_end_tmstp extract_end_tmstp step_execution_obj'.split() -%}
  {%- set names = state.columns[1:] | map(attribute='name') | list -%}
merge into {{ state.relation }} as log_
using {{ exec_logger.record_rows(state, names) }}
on log_.process_step_id = final_.process_step_id and log_.insert_tmstp >= {{ state.not_before }}
when matched then update set
  {% for name in names if name not in own %}{{ name }} = final_.{{ name }}, {% endfor %}
  process_config_obj = coalesce(final_.process_config_obj, log_.process_config_obj),
  execution_start_tmstp = {{ start }},
  extract_start_tmstp = {{ start }},
  execution_end_tmstp = {{ end }},
  extract_end_tmstp = {{ end }},
  step_execution_obj = {{ words.from_json.replace('%(text)s', 'coalesce(' ~ steps[0] ~ ', ' ~ step ~ ')') }}
when not matched then insert ({{ names | join(', ') }})
values (final_.{{ names | join(', final_.') }})
{% endmacro %}
