{#- All that differs between the warehouses, as words and format strings; each warehouse's stand in the file of its name, so that a new
    warehouse is one new file. Keys:
      folds_to        what an unquoted identifier becomes: 'upper' or 'lower'
      doubles_backslash, keeps_nul   how a text literal is written, and whether it can hold U+0000
      reports_rows    whether the adapter's response says how many rows a full load wrote
      types           logical type (models/_sources.yml) → column type; identity takes (sequence)
      create          the DDL in order, the schema first: (schema, schema_name, relation, columns, sequence, index)
      now             (client: the client's UTC time) → the warehouse's clock, UTC without a zone
      earlier         now_ less (microseconds)
      start_and_duration   the start of log_ and the time between start and end of final_
      time            (text) 'YYYY-MM-DD HH:MM:SS.ffffff' → a timestamp, whatever formats the session has set
      time_text       (time) → the same text
      from_json       (text) → a value for a json column
      json_member     what turns such a value, an object, into the text of its member t
      row_column, row_time, rows   (name, type) of a column, and of a timestamp's, joined by ', ', and (columns, document, now): a
                      SELECT that turns a literal with a JSON array of objects into typed rows, with INSERT_TMSTP and UPDATE_TMSTP
                      (now) besides
      guard           (statement) → the statement, and what it raises comes back: as text in the first column of the only row (null:
                      nothing was raised), or, where `problem` is a query, that query has it if the adapter reports a row (dbt takes
                      longer to fetch a row than to ask whether there is one); none where the warehouse cannot catch an error
      missing         a regular expression: what was raised says that table or schema do not exist
      count_one, count_join, counts   (number, relation) of a relation to count, how they are joined, and the query whose only value is
                      the counts as 'n,n,…'; where one cannot be counted, its place is empty or the query fails
      guard_counts    (statement) → the same, with what it raises as its value; none where nothing is raised or can be caught -#}
{% macro dialect() %}
  {#- dispatch would give the children of an adapter (redshift, of postgres) their parent's words. An adapter without a file here parses,
      so that execlog_enabled: false is enough for such a target; but it never logs half. -#}
  {%- if adapter.type() not in ['snowflake', 'duckdb', 'postgres'] -%}
    {%- do exceptions.raise_compiler_error(
      "exec_logger does not support the adapter '" ~ adapter.type()
      ~ "'. It supports snowflake, duckdb and postgres; set the variable execlog_enabled to false for this target.") -%}
  {%- endif -%}
  {{ return(adapter.dispatch('dialect', 'exec_logger')()) }}
{% endmacro %}
