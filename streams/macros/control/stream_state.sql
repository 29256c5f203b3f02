{#- What the macros of one invocation share. dbt 1.x hands all of them the same `graph`; setdefault decides between threads. Keys:
      settings    stream_settings()
      words       exec_logger.dialect() and stream_dialect()
      tables      'dcf_t_strm' → its relation, and so on
      user_id     who runs dbt
      nodes       unique_id → the stream whose gate the model came to
      claims      stream → the unique_id of the model that enters the stream for this invocation
      entered     stream → {strm_id, prcs_date}, once the gate has let it in
      asked       what the orchestration model asked finalize_load_orchestration for: process (update_process_metadata's
                  [name, column, unique_id of the model]), lifecycle -#}
{% macro stream_state() %}
  {%- set key = 'exec_logger_streams ' ~ invocation_id -%}
  {%- if key in graph -%}{{ return(graph[key]) }}{%- endif -%}
  {%- set words = exec_logger.dialect() -%}
  {%- do words.update(exec_logger_streams.stream_dialect()) -%}
  {%- set settings = exec_logger_streams.stream_settings() -%}
  {%- set tables = {} -%}
  {%- for table in exec_logger_streams.control_tables(settings, words) -%}
    {%- do tables.update({table.name: table.relation}) -%}
  {%- endfor -%}
  {%- set state = {
    'settings': settings, 'words': words, 'tables': tables, 'user_id': env_var('DBT_USER', 'dbt_service'),
    'nodes': {}, 'claims': {}, 'entered': {}, 'asked': {},
  } -%}
  {{ return(graph.setdefault(key, state)) }}
{% endmacro %}

{#- The control tables, as models/_sources.yml declares them, in the form that exec_logger.create_statements() takes, and `name`. -#}
{% macro control_tables(settings, words) %}
  {%- set own = words.copy() -%}
  {%- set create = [] -%}
  {#- the indexes there are for the columns of the log -#}
  {%- for statement_ in words.create if 'create index' not in statement_ -%}{%- do create.append(statement_) -%}{%- endfor -%}
  {%- do own.update({'create': create}) -%}
  {%- set tables = [] -%}
  {%- for source in graph.sources.values() if source.package_name == 'exec_logger_streams' -%}
    {%- set columns = [] -%}
    {%- for column in source.columns.values() -%}
      {%- set logical = column.data_type -%}
      {%- do columns.append({'name': column.name | lower, 'type': words.types.get(logical, logical), 'data_type': logical}) -%}
    {%- endfor -%}
    {%- set identifier = source.name | upper if words.folds_to == 'upper' else source.name -%}
    {%- set relation = api.Relation.create(
      database=settings.dcf_database, schema=settings.dcf_schema, identifier=identifier, type='table') -%}
    {%- do tables.append({'name': source.name, 'words': own, 'relation': relation, 'columns': columns}) -%}
  {%- endfor -%}
  {{ return(tables) }}
{% endmacro %}
