{#- The procedure that restarts a job inside Snowflake, a task that calls it, and, as comments, the grants that they need. The
    procedure decides by the rule and the columns of restart_plan; its limits are arguments, as in seed 004. What the user named
    stands outside of its body, as defaults of its arguments, or as arguments of the task's call. -#}
{% macro native_statements(dbt_project, warehouse, task, schedule, dbt_command, job_name) %}
  {%- set settings = exec_logger.settings() -%}
  {%- set log = exec_logger.log_table(settings).relation -%}
  {%- set object = modules.re.findall('(?:[^."]|"[^"]*")+', dbt_project) -%}
  {%- set names = {
    'object_database': object[0], 'object_schema': object[0] ~ '.' ~ object[1],
    'procedure': log.incorporate(path={'identifier': 'RUN_DBT_AUTO_RESTART'}), 'log': log,
    'plan': log.incorporate(path={'identifier': 'RESTART_PLAN'}), 'schema': log.without_identifier(),
    'database': log.without_identifier().include(schema=false), 'task': log.without_identifier() ~ '.' ~ task,
    'decision': exec_logger.restart_decision(':max_retry_age_hours', ':max_retries'),
    'max_age': settings.max_retry_age_hours, 'max_retries': settings.max_retries,
    'warehouse': warehouse or '<warehouse>', 'role': target.role or '<role>', 'dbt_project': dbt_project,
  } -%}
  {%- set literals = {
    'project': project_name, 'target': target.name, 'object': dbt_project, 'command': dbt_command, 'job': job_name, 'schedule': schedule,
  } -%}
  {%- for name, value in literals.items() -%}
    {%- do names.update({name: "'" ~ (value | string).replace('\\', '\\\\').replace("'", "''") ~ "'" if value else 'null'}) -%}
  {%- endfor -%}
  {%- set create_procedure -%}
create or replace procedure %(procedure)s(
  project_name varchar default %(project)s,
  max_retry_age_hours float default %(max_age)s,
  max_retries number default %(max_retries)s,
  dbt_command varchar default 'build',
  job_name varchar default null,
  target_name varchar default %(target)s,
  dbt_project varchar default %(object)s
)
returns varchar
language sql
comment = 'exec_logger: runs dbt on what the last run of a job left undone, or in full'
execute as caller
as
$$
declare
  job varchar default coalesce(job_name, dbt_command);
  decision varchar;
  was varchar;
  last_job varchar;
  seen_at timestamp_ntz;
  args varchar;
  attempt number;
  variables varchar;
  statement varchar;
  outcome varchar;
  no_command exception (-20101, 'exec_logger: the last run had vars whose values are not stored, so nobody can repeat it (restart_plan.vars_hidden). Call with max_retries => 0 for a full build.');
  dbt_failed exception (-20102, 'exec_logger: dbt failed. Its output is in the query history, its errors are in execution_errors.');
begin
  select
    coalesce(max(%(decision)s), 'FULL_BUILD'),
    max(last_status),
    max(last_job_id),
    max(last_seen_at),
    max(command_line),
    max(retries_made) + 2
  into :decision, :was, :last_job, :seen_at, :args, :attempt
  from %(plan)s
  where project_name = :project_name and target_name = :target_name and job_name = :job;

  if (decision = 'BUSY') then
    return 'BUSY: ' || last_job || ' still runs. Nothing was started.';
  end if;

  if (was = 'RUNNING') then  -- and is dead
    update %(log)s
    set
      execution_status_name = 'FAILED',
      execution_completed_ind = 'Y',
      execution_end_tmstp = :seen_at,
      extract_end_tmstp = :seen_at,
      update_tmstp = sysdate()::timestamp_ntz,
      step_execution_obj = case
        when process_step_id = :last_job
          then object_insert(as_object(coalesce(step_execution_obj, parse_json('{}'))), 'reason', 'dbt died; closed by execlog', true)::variant
        else step_execution_obj
      end,
      error_message_obj = parse_json('[{"unique_id": null, "model_name": null, "message": "dbt died; closed by execlog"}]')
    where (process_step_id = :last_job or parent_step_id = :last_job) and execution_status_name = 'RUNNING';
  end if;

  variables := '''DBT_EXECLOG_JOB'' = ''' || replace(replace(job, '\\', '\\\\'), '''', '''''') || ''', ''DBT_EXECLOG_RUN_TYPE'' = ''' || decision || '''';
  if (decision = 'FULL_BUILD') then
    args := dbt_command || ' --target ''' || replace(target_name, '''', '''"''"''') || '''';
  else
    if (args is null) then
      raise no_command;
    end if;
    variables := variables || ', ''DBT_EXECLOG_ATTEMPT'' = ''' || attempt || ''', ''DBT_EXECLOG_RESTART_OF'' = ''' || last_job || '''';
  end if;

  statement := 'execute dbt project ' || dbt_project || ' args = ''' || replace(replace(args, '\\', '\\\\'), '''', '''''') || ''' env_vars = (' || variables || ')';
  execute immediate :statement;

  -- a failed dbt raises by now, and so turns the task red; before October 2025 only its result said so
  begin
    select to_json(object_construct(*)) into :outcome from table(result_scan(:sqlid));
  exception
    when other then
      outcome := null;
  end;
  if (regexp_like(outcome, '.*success":"?(false|0)[",}].*', 'is')) then
    raise dbt_failed;
  end if;
  return decision || ': dbt ' || args;
end
$$
  {%- endset -%}
  {%- set create_task -%}
create or replace task %(task)s
  warehouse = %(warehouse)s
  schedule = %(schedule)s
  allow_overlapping_execution = false
  user_task_timeout_ms = 86400000
as
  call %(procedure)s(
    project_name => %(project)s,
    target_name => %(target)s,
    dbt_project => %(object)s,
    dbt_command => %(command)s,
    job_name => %(job)s
  )
  {%- endset -%}
  {%- set grants -%}
-- The procedure runs with its caller's rights. A role other than the one that installs this needs, besides what dbt needs for your
-- models (the role that owns the task, if it is to run it):
-- grant usage on database %(database)s to role %(role)s;
-- grant usage on schema %(schema)s to role %(role)s;
-- grant usage on procedure %(procedure)s(varchar, float, number, varchar, varchar, varchar, varchar) to role %(role)s;
-- grant select on view %(plan)s to role %(role)s;
-- grant select, insert, update on table %(log)s to role %(role)s;
-- grant usage on database %(object_database)s to role %(role)s;
-- grant usage on schema %(object_schema)s to role %(role)s;
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
