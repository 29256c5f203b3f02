{#- Lets this invocation into a stream, or stops the model. The stream's row is its lock: it is taken by one conditional UPDATE, and
    read again. Instances that say RUNNING hold it, too, unless they are dead. -#}
{% macro enter_stream(state, stream) %}
  {%- do state.nodes.update({model.unique_id: stream}) -%}
  {%- set id = exec_logger_streams.instance_id(stream) -%}
  {#- the one thread that writes on behalf of this invocation; where a process is alone, nobody else has to be kept out -#}
  {%- set writes = state.claims.setdefault(stream, model.unique_id) == model.unique_id -%}
  {%- set gate = {} -%}
  {#- asked before the gate is: the thread that writes may come in between -#}
  {%- set held = stream in state.entered -%}
  {%- for attempt in range(4) if not gate.open -%}
    {%- set rows = run_query(exec_logger_streams.gate_query(state, stream)).rows -%}
    {%- if not rows or rows[0][1] != 'ACTIVE' -%}
      {%- set status = 'its status is ' ~ rows[0][1] if rows else 'it is not in ' ~ state.tables.dcf_t_strm -%}
      {%- do exceptions.raise_compiler_error('Stream is not in active status: ' ~ stream ~ ' (' ~ status ~ ')') -%}
    {%- endif -%}
    {%- set others = [] -%}
    {%- for row in rows if row[3] is not none and row[3] | int != id -%}{%- do others.append(row) -%}{%- endfor -%}
    {%- set living = [] -%}
    {%- for row in others if not exec_logger_streams.is_dead(state, row) -%}{%- do living.append(row[3]) -%}{%- endfor -%}
    {%- do gate.update({'strm_id': rows[0][0], 'bus_dt': rows[0][6]}) -%}
    {%- if living -%}
      {%- do exceptions.raise_compiler_error(
        'Concurrent execution detected - stream already running: ' ~ stream ~ ' (instance ' ~ living[0] ~ ')') -%}
    {%- elif held and rows[0][2] != id and not state.words.alone -%}
      {%- do exceptions.raise_compiler_error(
        'Stream was taken from this run: ' ~ stream ~ ' (released by hand, or its instance ' ~ id ~ ' was silent for too long)') -%}
    {%- elif others and (writes or not state.words.alone) -%}
      {%- do exec_logger_streams.free_dead(state, others) -%}
    {%- elif rows[0][2] == id or (state.words.alone and not writes) -%}
      {%- do gate.update({'open': true}) -%}
    {%- else -%}
      {%- do exec_logger_streams.commit_now([exec_logger_streams.hold_statement(state, stream, id)]) -%}
    {%- endif -%}
  {%- endfor -%}
  {%- if not gate.open -%}
    {%- do exceptions.raise_compiler_error('Concurrent execution detected - stream already running: ' ~ stream) -%}
  {%- endif -%}
  {%- if stream not in state.entered and (writes or not exec_logger_streams.instance_comes(state, stream, id)) -%}
    {%- set prcs_date = state.settings.run_stream_process_date or gate.bus_dt -%}
    {%- do exec_logger_streams.commit_now([exec_logger_streams.instance_insert(state, stream, id, gate.strm_id, prcs_date)]) -%}
    {%- do gate.update({'prcs_date': prcs_date}) -%}
    {%- do state.entered.update({stream: gate}) -%}
  {%- endif -%}
{% endmacro %}
