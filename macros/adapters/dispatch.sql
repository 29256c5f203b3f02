{#- Every point where the warehouses differ. Each one's implementations stand in the file of the warehouse's name, so that a new
    warehouse is one new file. Internal. -#}

{#- The warehouse's small words. Keys:
      folds_to        what an unquoted identifier becomes: 'upper' or 'lower'
      doubles_backslash, keeps_nul   how a text literal is written, and whether it can hold U+0000
      guarded         whether a failing statement can be caught inside the warehouse
      reports_rows    whether the adapter's response says how many rows a full load wrote
      types           logical type (models/_sources.yml) → column type
      now             format string (client: the client's UTC time): the warehouse's clock, UTC without a zone
      as_json, as_text, stamp   format strings: text → json, json → text, timestamp → 'YYYY-MM-DD HH24:MI:SS.FF6'
      earlier         format string (timestamp, microseconds)
      moved           format string (timestamp, from, to): the timestamp, later by to − from -#}
{% macro dialect() %}{{ return(adapter.dispatch('dialect', 'exec_logger')()) }}{% endmacro %}
{% macro default__dialect() %}{% do exec_logger.unsupported_adapter() %}{% endmacro %}

{#- A SELECT that turns a literal with a JSON array of objects into typed rows, one column per schema column. -#}
{% macro rows_of(document, columns) %}{{ return(adapter.dispatch('rows_of', 'exec_logger')(document, columns)) }}{% endmacro %}

{#- The statements, in order, that create schema and table where they are missing. -#}
{% macro create_statements(relation, columns) %}
  {{ return(adapter.dispatch('create_statements', 'exec_logger')(relation, columns)) }}
{% endmacro %}

{#- Wraps a list of statements so that what they raise is returned as text in the first column of the only row (null: nothing was
    raised). Where a relation is named and the warehouse can tell, they run only while it is missing. Only where dialect().guarded. -#}
{% macro guard(statements, unless_exists=none) %}
  {{ return(adapter.dispatch('guard', 'exec_logger')(statements, unless_exists)) }}
{% endmacro %}

{#- One statement whose only value is the row counts of the relations, in their order, as 'n,n,…'; a relation that cannot be counted
    leaves its place empty where the warehouse can catch that, else the value is the error. -#}
{% macro count_rows(relations) %}{{ return(adapter.dispatch('count_rows', 'exec_logger')(relations)) }}{% endmacro %}

{#- An adapter without a file here parses (so that execlog_enabled: false is enough for such a target), but never logs half. -#}
{% macro unsupported_adapter() %}
  {% do exceptions.raise_compiler_error(
    "exec_logger does not support the adapter '" ~ adapter.type()
    ~ "'. It supports snowflake, duckdb and postgres; set the variable execlog_enabled to false for this target.") %}
{% endmacro %}
{% macro default__rows_of(document, columns) %}{% do exec_logger.unsupported_adapter() %}{% endmacro %}
{% macro default__create_statements(relation, columns) %}{% do exec_logger.unsupported_adapter() %}{% endmacro %}
{% macro default__guard(statements, unless_exists) %}{% do exec_logger.unsupported_adapter() %}{% endmacro %}
{% macro default__count_rows(relations) %}{% do exec_logger.unsupported_adapter() %}{% endmacro %}
