{#- The views stand beside the log, whatever the project makes of custom schemas and aliases: dbt asks a package's own macros for the
    package's own nodes. They bear their names as an unquoted identifier would. -#}
{% macro generate_database_name(custom_database_name=none, node=none) %}{{ return(exec_logger.settings().database) }}{% endmacro %}

{% macro generate_schema_name(custom_schema_name=none, node=none) %}{{ return(exec_logger.settings().schema) }}{% endmacro %}

{% macro generate_alias_name(custom_alias_name=none, node=none) %}
  {#- dbt asks while it parses, on adapters that we do not support, too -#}
  {{ return(node.name | upper if exec_logger.settings().models and exec_logger.dialect().folds_to == 'upper' else node.name) }}
{% endmacro %}
