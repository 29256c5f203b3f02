{% macro log_execution_start() %}
  {%- if execute -%}
    {%- set state = exec_logger.run_state() -%}
    {#- after three failed writes the live hooks write no more: each might wait for a lock; on-run-end still writes it all -#}
    {%- if state.active and state.problems | length < 3 and model.package_name != 'exec_logger' -%}
      {%- set outcome = fromjson('{
        "status": "RUNNING", "dbt_status": "started", "end": null, "rows": null, "seconds": null, "response": {}
      }') -%}
      {%- do outcome.update({'start': exec_logger.utc_text(), 'thread_id': thread_id}) -%}
      {%- set insert = exec_logger.insert_record(state, exec_logger.node_record(state, model, outcome)) -%}
      {%- do state.started.update({model.unique_id: true}) -%}
      {{- exec_logger.write(state, insert, 'the start of ' ~ model.unique_id) -}}
    {%- endif -%}
  {%- endif -%}
{% endmacro %}
