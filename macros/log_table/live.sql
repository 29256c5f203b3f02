{#- Writes the row of a node from its own hook. `kind`: start (INSERT), end (INSERT) or update; `values`: what only the hook knows,
    %(name)s in node_shapes(), and the microseconds it took. -#}
{% macro write_live(state, node, kind, values, now, what) %}
  {%- set words = state.words -%}
  {%- set sql = [(state.statements.get(kind) or exec_logger.live_statement(state, kind)).replace('%(client)s', now)] -%}
  {%- set facts = state.facts.get(node.unique_id) or exec_logger.node_facts(state, node) -%}
  {%- set texts = facts.copy() -%}
  {%- for name, value in values.items() -%}{%- do texts.update({name: tojson(value)}) -%}{%- endfor -%}
  {#- no JSON text has a line break in it; no value can bring a %(name)s of its own -#}
  {%- set bodies = exec_logger.json_body(words, (texts.values() | join('\n')).replace('%', '\\u0025')).split('\n') -%}
  {%- for name in texts -%}
    {%- set body = bodies[loop.index0] -%}
    {%- set mark = '%(' ~ name ~ ')s' -%}
    {%- if name in ['step_id', 'record_type', 'execution_type'] -%}
      {%- do sql.append(sql.pop().replace("'" ~ mark ~ "'", exec_logger.text_value(words, body))) -%}
    {%- else -%}
      {%- do sql.append(sql.pop().replace(mark, body)) -%}
    {%- endif -%}
  {%- endfor -%}
  {{ return(exec_logger.write_record(state, sql[0], what)) }}
{% endmacro %}

{#- The statement of write_live(), with %(name)s where a value goes; made once per run. -#}
{% macro live_statement(state, kind) %}
  {%- set known = fromjson('{
    "start": {
      "status": "RUNNING", "completed": "N", "current": "MODEL_STARTED", "dbt_status": "started", "start": "%start%", "end": null,
      "seconds": null, "rows": null, "query_id": null
    },
    "end": {
      "status": "SUCCESS", "completed": "Y", "current": "MODEL_COMPLETED", "dbt_status": "success", "start": "%start%", "end": "%end%",
      "level": "Info", "ended_title": "%(completed_title)s"
    }
  }')['start' if kind == 'start' else 'end'] -%}
  {%- do known.update(fromjson('{
    "failures": null, "compile_started_at": null, "compile_completed_at": null, "execute_started_at": null,
    "execute_completed_at": null, "errors": []
  }')) -%}
  {%- do known.update({'job_id': state.job_id}) -%}
  {%- set texts = {} -%}
  {%- for name, value in known.items() -%}{%- do texts.update({name: tojson(value)}) -%}{%- endfor -%}
  {%- set shape = exec_logger.filled(state.shapes[1 if kind == 'start' else 2], texts) -%}
  {#- a value that is still open is a text as long as the record is a dict -#}
  {%- set record = fromjson(modules.re.sub(': (%\\(\\w+\\)s)', ': "\\1"', shape)) -%}
  {%- set statement = exec_logger.update_statement if kind == 'update' else exec_logger.insert_statement -%}
  {%- set sql = statement(state, record, state.words.now).replace('"%(', '%(').replace(')s"', ')s') -%}
  {%- do state.statements.update({kind: sql}) -%}
  {{ return(sql) }}
{% endmacro %}
