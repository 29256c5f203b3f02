{#- The procedure that restarts a job inside Snowflake, a task that calls it, and, as comments, the grants that they need. The
    procedure decides nothing that restart_plan does not know; its own limits are arguments, as in seed 004. -#}
{% macro snowflake__native_statements(dbt_project, warehouse, task, schedule, dbt_command) %}
  {%- set settings = exec_logger.settings() -%}
  {%- set log = exec_logger.log_table(settings).relation -%}
  {%- set plan = log.incorporate(path={'identifier': 'RESTART_PLAN'}) -%}
  {%- set procedure = log.incorporate(path={'identifier': 'RUN_DBT_AUTO_RESTART'}) -%}
  {%- set warehouse = warehouse or target.warehouse -%}
  {%- set names = {
    'procedure': procedure, 'plan': plan, 'log': log, 'dbt_project': dbt_project, 'target': target.name | replace("'", "''"),
    'project': project_name, 'max_age': settings.max_retry_age_hours, 'max_retries': settings.max_retries,
    'warehouse': warehouse, 'task': log.incorporate(path={'identifier': task | upper}) if task else '',
    'schedule': (schedule or '') | replace("'", "''"), 'command': dbt_command | replace("'", "''"),
    'schema': log.without_identifier(), 'database': log.database, 'role': target.role or '<the role that owns the task>',
  } -%}
  {%- set create_procedure -%}
create or replace procedure %(procedure)s(
  project_name varchar,
  max_retry_age_hours number default %(max_age)s,
  max_retries number default %(max_retries)s,
  dbt_command varchar default 'build',
  job_name varchar default null
)
returns varchar
language sql
comment = 'exec_logger: runs dbt on what the last run of a job left undone, else in full'
execute as caller
as
$$
declare
  job varchar default coalesce(job_name, dbt_command);
  decision varchar;
  last_job varchar;
  attempt varchar;
  args varchar;
  variables varchar;
  outcome varchar;
  nothing_to_say exception (-20101, 'exec_logger: the last run had vars whose values are not stored. Run it with execlog restart and give them.');
  dbt_failed exception (-20102, 'exec_logger: dbt failed. The log says why.');
begin
  select
    coalesce(max(case
      when last_status = 'SUCCESS' then 'FULL_BUILD'
      when last_is_alive then 'BUSY'
      when last_age_seconds > :max_retry_age_hours * 3600 or retries_made >= :max_retries or remaining_count = 0 then 'FULL_BUILD'
      else 'SELECTIVE_RETRY'
    end), 'FULL_BUILD'),
    max(last_job_id),
    max(command_line),
    coalesce(max(retries_made), 0) + 2
  into :decision, :last_job, :args, :attempt
  from %(plan)s
  where project_name = :project_name and target_name = '%(target)s' and job_name = :job;

  if (decision = 'BUSY') then
    return 'BUSY: ' || last_job || ' is still running. Nothing was started.';
  end if;

  update %(log)s
  set
    execution_status_name = 'FAILED',
    execution_completed_ind = 'Y',
    execution_end_tmstp = update_tmstp,
    extract_end_tmstp = update_tmstp,
    update_tmstp = sysdate()::timestamp_ntz,
    error_message_obj = parse_json('[{"unique_id": null, "model_name": null, "message": "dbt died; closed by RUN_DBT_AUTO_RESTART"}]')
  where process_step_id = :last_job and execution_status_name = 'RUNNING';

  variables := '''DBT_EXECLOG_JOB'' = ''' || replace(replace(job, '\\', '\\\\'), '''', '''''') || ''', ''DBT_EXECLOG_RUN_TYPE'' = ''' || decision || '''';
  if (decision = 'SELECTIVE_RETRY') then
    if (args is null) then
      raise nothing_to_say;
    end if;
    variables := variables || ', ''DBT_EXECLOG_ATTEMPT'' = ''' || attempt || ''', ''DBT_EXECLOG_RESTART_OF'' = ''' || last_job || '''';
  else
    args := dbt_command;
  end if;

  execute immediate
    'execute dbt project %(dbt_project)s args = ''' || replace(replace(args, '\\', '\\\\'), '''', '''''') || ''' env_vars = (' || variables || ')';

  -- some versions raise what dbt failed with, others say so in their result
  select max(to_json(object_construct(*))) into :outcome from table(result_scan(:sqlid));
  if (regexp_like(outcome, '.*"success":"?false.*', 'is')) then
    raise dbt_failed;
  end if;
  return decision || ': ' || args;
end
$$
  {%- endset -%}
  {%- set create_task -%}
create or replace task %(task)s
  warehouse = %(warehouse)s
  schedule = '%(schedule)s'
  allow_overlapping_execution = false
as
  call %(procedure)s(
    project_name => '%(project)s', dbt_command => '%(command)s'
  )
  {%- endset -%}
  {%- set grants -%}
-- The role that calls the procedure or owns the task (%(role)s) needs, besides what dbt needs for your models:
-- grant usage on database %(database)s to role %(role)s;
-- grant usage on schema %(schema)s to role %(role)s;
-- grant usage on procedure %(procedure)s(varchar, number, number, varchar, varchar) to role %(role)s;
-- grant select on view %(plan)s to role %(role)s;
-- grant select, insert, update on table %(log)s to role %(role)s;
-- grant usage on dbt project %(dbt_project)s to role %(role)s;
-- grant usage on warehouse %(warehouse)s to role %(role)s;
-- grant execute task on account to role %(role)s;
  {%- endset -%}
  {%- set statements = [create_procedure] -%}
  {%- if task -%}{%- do statements.extend([create_task, 'alter task %(task)s resume']) -%}{%- endif -%}
  {%- set filled = [] -%}
  {%- for statement_ in statements + [grants] -%}{%- do filled.append(exec_logger.filled(statement_, names)) -%}{%- endfor -%}
  {{ return(filled) }}
{% endmacro %}
