{#- The place of the warehouse's own account of queries and credits; none where there is none, or where its models are switched off. -#}
{% macro account_usage() %}
  {%- set settings = exec_logger.settings() -%}
  {{ return(settings.account_usage if settings.models and settings.cost_models and adapter.type() == 'snowflake' else none) }}
{% endmacro %}

{#- Whether these relations or subqueries of `what` can be read; if not, one message says so, and `otherwise` (none: no message). Asked when
    the model that reads them is built, never in a user's own run. -#}
{% macro can_read(what, relations, otherwise) %}
  {%- set probe = 'select * from (select 1 from ' ~ relations | join(' limit 1) union all select * from (select 1 from ') ~ ' limit 1)' -%}
  {%- set problem = exec_logger.first_value(exec_logger.dialect().guard.replace('%(statement)s', probe)) -%}
  {%- if problem is string and problem and otherwise -%}
    {#- also under --quiet, as `execlog install` calls dbt -#}
    {%- do print(
      '[WARNING] exec_logger cannot read ' ~ what ~ ': ' ~ problem.replace('\n', ' ').rstrip('.') ~ '. ' ~ otherwise ~ ' to role '
      ~ (target.role or '<role>') ~ '`.') -%}
  {%- endif -%}
  {{ return(not (problem is string and problem)) }}
{% endmacro %}
