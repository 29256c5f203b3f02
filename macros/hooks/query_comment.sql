{#- dbt renders it for every node, in a context of its own that has neither the adapter, the graph nor the arguments of the invocation. So
    the name of a job that its selection gives is null: the log has it. The JSON text is without any asterisk, so that none can end the
    comment, and the last one of a statement begins it; and without a percent sign, which a seed would take for a place to fill in. -#}
{% macro query_comment(node) %}
  {%- set selects = modules.re.search('\\s(-s|-m|--select|--models?|--exclude|--selector)\\b', flags.INVOCATION_COMMAND or '') -%}
  {%- set given = env_var('DBT_EXECLOG_JOB', '') or var('exec_logger', {}).get('execlog_job_name') or var('execlog_job_name', none) -%}
  {%- set comment = {
    'app': 'exec_logger', 'invocation_id': invocation_id, 'node_id': node.unique_id if node else none,
    'job_name': given or (none if selects else flags.WHICH),
  } -%}
  {{- tojson(comment).replace('*', '\\u002a').replace('%', '\\u0025') -}}
{% endmacro %}
