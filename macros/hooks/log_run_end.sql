{% macro log_run_end(results) %}
  {%- if execute -%}
    {%- set state = exec_logger.run_state() -%}
    {%- if state.active -%}
      {%- set logged = exec_logger.logged_results(results) -%}
      {%- set rows = exec_logger.destination_rows(state, logged.nodes) if state.settings.row_counts != 'off' else {} -%}
      {%- set records = [] -%}
      {%- for result in logged.nodes -%}
        {%- do records.append(exec_logger.node_result_record(state, result, rows.get(result.node.unique_id))) -%}
      {%- endfor -%}
      {%- do exec_logger.make_step_ids_unique(records) -%}
      {%- do records.insert(0, exec_logger.job_end_record(state, records, logged.failed_hooks)) -%}
      {%- set problems_before = state.problems | length -%}
      {%- for chunk in exec_logger.chunks(records, state.words) -%}
        {{- exec_logger.write(exec_logger.merge_records(chunk), 'the final state of the run') -}}{{ ';\n' if not loop.last and not state.words.guard }}
      {%- endfor -%}
      {%- do exec_logger.warn_of_problems(state, state.problems | length == problems_before) -%}
    {%- endif -%}
  {%- endif -%}
{% endmacro %}

{#- dbt's results by what they are to the log: `nodes`, and `failed_hooks` (on-run-start hooks are results too). -#}
{% macro logged_results(results) %}
  {%- set nodes = [] -%}
  {%- set failed_hooks = [] -%}
  {%- for result in results -%}
    {%- set unique_id = result.node.unique_id -%}
    {%- if unique_id.startswith('operation.') -%}
      {%- if exec_logger.status_name(result.status) == 'FAILED' -%}
        {%- do failed_hooks.append({'unique_id': unique_id, 'model_name': result.node.name, 'message': result.message}) -%}
      {%- endif -%}
    {%- elif unique_id.split('.')[1] != 'exec_logger' -%}
      {%- do nodes.append(result) -%}
    {%- endif -%}
  {%- endfor -%}
  {{ return({'nodes': nodes, 'failed_hooks': failed_hooks}) }}
{% endmacro %}

{#- Tests may share a name (dbt tells them apart by a hash): where they do, their unique_id's hash tells them apart here too. -#}
{% macro make_step_ids_unique(records) %}
  {%- set seen = {} -%}
  {%- for record in records -%}
    {%- do seen.update({record.process_step_id: seen.get(record.process_step_id, 0) + 1}) -%}
  {%- endfor -%}
  {%- for record in records if seen[record.process_step_id] > 1 -%}
    {%- do record.update({
      'process_step_id': record.process_step_id[:467] ~ '_' ~ local_md5(record.step_execution_obj.unique_id),
    }) -%}
  {%- endfor -%}
{% endmacro %}

{#- The records as texts of JSON objects, as many in each as one statement takes: no statement is longer than 900 KB. -#}
{% macro chunks(records, words) %}
  {%- set found = [] -%}
  {%- set open = {'bodies': [], 'size': 0} -%}
  {%- for record in records -%}
    {%- set body = exec_logger.json_body(record, words) -%}
    {%- if open.bodies and open.size + body | length > 890000 -%}
      {%- do found.append(open.bodies | join(',')) -%}
      {%- do open.update({'bodies': [], 'size': 0}) -%}
    {%- endif -%}
    {%- do open.bodies.append(body) -%}
    {%- do open.update({'size': open.size + body | length + 1}) -%}
  {%- endfor -%}
  {%- do found.append(open.bodies | join(',')) -%}
  {{ return(found) }}
{% endmacro %}
