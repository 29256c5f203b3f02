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
      {%- set records = [tojson(exec_logger.job_end_record(state, nodes, rows, errors))] -%}
      {%- for result in nodes -%}
        {%- do records.append(exec_logger.node_result_record(state, result, rows.get(result.node.unique_id))) -%}
      {%- endfor -%}
      {#- no record has a line break in it -#}
      {%- set records = exec_logger.json_body(state.words, records | join(',\n')) -%}
      {%- set problems = state.problems | length -%}
      {%- set statements = [] -%}
      {%- set merge = exec_logger.merge_statement(state) -%}
      {%- for chunk in ([records] if records | length < 890000 else exec_logger.chunks(records)) -%}
        {%- set now = exec_logger.utc_texts(['now'])[0] -%}
        {#- the records come last: they may hold any text -#}
        {%- set statement = merge.replace('%(client)s', now).replace('%(document)s', chunk) -%}
        {%- do statements.append(exec_logger.write_record(state, statement, 'the final state of the run')) -%}
      {%- endfor -%}
      {%- if state.problems -%}{%- do exec_logger.warn_of_problems(state, state.problems | length == problems) -%}{%- endif -%}
      {{- statements | select | join(';\n') -}}
    {%- endif -%}
  {%- endif -%}
{% endmacro %}

{#- The records, one a line, in texts of at most 890 KB: no statement is longer than 900 KB. -#}
{% macro chunks(records) %}
  {%- set found = [[]] -%}
  {%- set open = {'size': 0} -%}
  {%- for record in records.split(',\n') -%}
    {%- if open.size and open.size + record | length > 890000 -%}
      {%- do found.append([]) -%}
      {%- do open.update({'size': 0}) -%}
    {%- endif -%}
    {%- do found[-1].append(record) -%}
    {%- do open.update({'size': open.size + record | length + 2}) -%}
  {%- endfor -%}
  {{ return(found | map('join', ',\n')) }}
{% endmacro %}
