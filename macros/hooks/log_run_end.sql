{% macro log_run_end(results) %}
  {%- if execute -%}
    {%- set state = exec_logger.run_state() -%}
    {%- if state.active -%}
      {%- set nodes = [] -%}
      {%- set hook_errors = [] -%}
      {%- for result in results -%}
        {%- set node = result.node -%}
        {%- if node.resource_type != 'operation' and node.package_name != 'exec_logger' -%}
          {%- do nodes.append(result) -%}
        {%- elif state.statuses.get(result.status | string) == 'FAILED' -%}
          {#- on-run-start hooks are among the results -#}
          {%- do hook_errors.append({'unique_id': node.unique_id, 'model_name': node.name, 'message': result.message}) -%}
        {%- endif -%}
      {%- endfor -%}
      {%- set rows = exec_logger.destination_rows(state, nodes) -%}
      {%- set records = [] -%}
      {%- set ids = {} -%}
      {%- for result in nodes -%}
        {%- set record = exec_logger.node_result_record(state, result, rows.get(result.node.unique_id)) -%}
        {%- if record.process_step_id in ids -%}
          {#- tests may share a name (dbt tells them apart by a hash) -#}
          {%- do record.update({'process_step_id': record.process_step_id[:467] ~ '_' ~ local_md5(result.node.unique_id)}) -%}
        {%- endif -%}
        {%- do ids.update({record.process_step_id: true}) -%}
        {%- do records.append(record) -%}
      {%- endfor -%}
      {%- do records.insert(0, exec_logger.job_end_record(state, records, hook_errors)) -%}
      {%- set problems = state.problems | length -%}
      {%- set statements = [] -%}
      {%- for chunk in exec_logger.chunks(state.words, records) -%}
        {%- do statements.append(exec_logger.write(state, exec_logger.merge_records(state, chunk), 'the final state of the run')) -%}
      {%- endfor -%}
      {%- if state.problems -%}{%- do exec_logger.warn_of_problems(state, state.problems | length == problems) -%}{%- endif -%}
      {{- statements | select | join(';\n') -}}
    {%- endif -%}
  {%- endif -%}
{% endmacro %}

{#- The records as texts of JSON objects, as many in each as one statement takes: no statement is longer than 900 KB. -#}
{% macro chunks(words, records) %}
  {%- set found = [[]] -%}
  {%- set open = {'size': 0} -%}
  {%- for record in records -%}
    {%- set body = exec_logger.json_body(words, record) -%}
    {%- if open.size and open.size + body | length > 890000 -%}
      {%- do found.append([]) -%}
      {%- do open.update({'size': 0}) -%}
    {%- endif -%}
    {%- do found[-1].append(body) -%}
    {%- do open.update({'size': open.size + body | length + 1}) -%}
  {%- endfor -%}
  {{ return(found | map('join', ',') | list) }}
{% endmacro %}
