{% macro log_execution_start() %}
  {%- if execute -%}
    {%- set state = exec_logger.run_state() -%}
    {#- after three failed writes the live hooks write no more: each might wait for a lock; on-run-end still writes it all -#}
    {%- if state.active and state.problems | length < 3 and model.package_name != 'exec_logger' -%}
      {%- set what = 'the start of ' ~ model.unique_id -%}
      {{- exec_logger.write_live(state, model, 'start', {'thread_id': thread_id}, exec_logger.utc_texts(['now'])[0], what) -}}
      {%- if what not in state.problems | map(attribute='what') -%}{%- do state.started.update({model.unique_id: true}) -%}{%- endif -%}
    {%- endif -%}
  {%- endif -%}
{% endmacro %}
