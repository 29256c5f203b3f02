{% macro log_run_end(results) %}
  {%- if execute -%}
    {%- set state = exec_logger.run_state() -%}
    {%- if state.active -%}
      {%- set nodes = [] -%}
      {%- set errors = [] -%}
      {%- for result in results -%}
        {%- set node = result.node -%}
        {%- if node.resource_type != 'operation' and node.package_name != 'exec_logger' -%}
          {%- do nodes.append(result) -%}
        {%- elif result.status == 'error' -%}
          {#- on-run-start hooks are among the results -#}
          {%- do errors.append({'unique_id': node.unique_id, 'model_name': node.name, 'message': result.message}) -%}
        {%- endif -%}
      {%- endfor -%}
      {%- set rows = exec_logger.destination_rows(state, nodes) if state.settings.row_counts != 'off' else {} -%}
      {%- set records = [] -%}
      {%- for result in nodes -%}
        {%- do records.append(exec_logger.node_result_record(state, result, rows.get(result.node.unique_id))) -%}
      {%- endfor -%}
      {%- do records.insert(0, exec_logger.job_end_record(state, records, errors)) -%}
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
  {{ return(found | map('join', ',')) }}
{% endmacro %}
