{#- The decision of docs/restart.md over the columns of restart_plan, for limits that are SQL: the one rule for the view and for the
    procedure RUN_DBT_AUTO_RESTART, whose limits are its arguments. -#}
{% macro restart_decision(max_retry_age_hours, max_retries) -%}
case
      when last_status = 'SUCCESS' then 'FULL_BUILD'
      when last_is_alive then 'BUSY'
      when coalesce(last_age_seconds > {{ max_retry_age_hours }} * 3600, true) then 'FULL_BUILD'
      when retries_made >= {{ max_retries }} or remaining_count = 0 or not last_plan_is_known then 'FULL_BUILD'
      else 'SELECTIVE_RETRY'
    end
{%- endmacro %}
