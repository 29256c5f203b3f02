{% macro validate_stream_status(stream_name) %}
  {%- if execute -%}
    {%- set state = exec_logger_streams.stream_state() -%}
    {%- set source = exec_logger_streams.source_relation(state) -%}
    {%- do state.nodes.update({model.unique_id: stream_name}) -%}
    {%- if source -%}{%- do exec_logger_streams.require_data(source, stream_name) -%}{%- endif -%}
    {%- do exec_logger_streams.enter_stream(state, stream_name) -%}
  {%- endif -%}
{% endmacro %}

{#- The source model as a relation, if this model is built from it; else none. -#}
{% macro source_relation(state) %}
  {%- for unique_id in exec_logger_streams.ancestors(model.unique_id) -%}
    {%- set node = graph.nodes[unique_id] -%}
    {%- if node.name == state.settings.dcf_source_model and unique_id != model.unique_id -%}
      {{ return(api.Relation.create(database=node.database, schema=node.schema, identifier=node.alias)) }}
    {%- endif -%}
  {%- endfor -%}
{% endmacro %}

{% macro require_data(source, stream) %}
  {%- if not run_query('select 1 as found_ from ' ~ source ~ ' limit 1').rows -%}
    {%- do exceptions.raise_compiler_error(
      'No source data available for loading: ' ~ stream ~ ' (' ~ source ~ ' is empty)') -%}
  {%- endif -%}
{% endmacro %}

{% macro initialize_load_orchestration() %}
  {%- set settings = exec_logger_streams.stream_settings() -%}
  {%- set source = ref(settings.dcf_source_model) -%}
  {%- if execute -%}
    {%- set state = exec_logger_streams.stream_state() -%}
    {%- do state.nodes.update({model.unique_id: settings.stream_name}) -%}
    {%- do exec_logger_streams.require_data(source, settings.stream_name) -%}
    {%- do exec_logger_streams.enter_stream(state, settings.stream_name) -%}
    {%- do log('Load orchestration validation completed successfully', info=true) -%}
  {%- endif -%}
{% endmacro %}
