update DB.LOGS.PROCESS_EXECUTION_LOG set record_type = 'JOB' where record_type is null;
create table if not exists DB.LOGS.PROCESS_EXECUTION_LOG (
  process_execution_log_sk number(38, 0) autoincrement,
  process_config_sk number(38, 0),
  process_step_id varchar(500),
  parent_step_id varchar(500),
  record_type varchar(50),
  execution_status_name varchar(50),
  execution_completed_ind varchar(1),
  execution_start_tmstp timestamp_ntz(9),
  execution_end_tmstp timestamp_ntz(9),
  execution_type_name varchar(100),
  extract_start_tmstp timestamp_ntz(9),
  extract_end_tmstp timestamp_ntz(9),
  source_obj variant,
  destination_obj variant,
  process_config_obj variant,
  source_data_cnt number(38, 0),
  destination_data_cnt_obj variant,
  step_execution_obj variant,
  error_message_obj variant,
  insert_tmstp timestamp_ntz(9),
  update_tmstp timestamp_ntz(9),
  deleted_ind varchar(1)
);
create or replace procedure DB.LOGS.RUN_DBT_AUTO_RESTART(
  project_name varchar default 'shop',
  max_retry_age_hours float default 24,
  max_retries number default 3,
  dbt_command varchar default 'build',
  job_name varchar default null,
  target_name varchar default 'test',
  dbt_project varchar default 'DB.DBT."My shop''s"'
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
    coalesce(max(case
      when last_status = 'SUCCESS' then 'FULL_BUILD'
      when last_is_alive then 'BUSY'
      when coalesce(last_age_seconds > :max_retry_age_hours * 3600, true) then 'FULL_BUILD'
      when retries_made >= :max_retries or remaining_count = 0 then 'FULL_BUILD'
      else 'SELECTIVE_RETRY'
    end), 'FULL_BUILD'),
    max(last_status),
    max(last_job_id),
    max(last_seen_at),
    max(command_line),
    max(retries_made) + 2
  into :decision, :was, :last_job, :seen_at, :args, :attempt
  from DB.LOGS.RESTART_PLAN
  where project_name = :project_name and target_name = :target_name and job_name = :job;

  if (decision = 'BUSY') then
    return 'BUSY: ' || last_job || ' still runs. Nothing was started.';
  end if;

  if (was = 'RUNNING') then  -- and is dead
    update DB.LOGS.PROCESS_EXECUTION_LOG
    set
      execution_status_name = 'FAILED',
      execution_completed_ind = 'Y',
      execution_end_tmstp = :seen_at,
      extract_end_tmstp = :seen_at,
      update_tmstp = sysdate()::timestamp_ntz,
      error_message_obj = parse_json('[{"unique_id": null, "model_name": null, "message": "dbt died; closed by RUN_DBT_AUTO_RESTART"}]')
    where (process_step_id = :last_job or parent_step_id = :last_job) and execution_status_name = 'RUNNING';
  end if;

  variables := '''DBT_EXECLOG_JOB'' = ''' || replace(replace(job, '\\', '\\\\'), '''', '''''') || ''', ''DBT_EXECLOG_RUN_TYPE'' = ''' || decision || '''';
  if (decision = 'FULL_BUILD') then
    args := dbt_command || ' --target ' || target_name;
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
$$;

create or replace task DB.LOGS.nightly
  warehouse = NIGHT_WH
  schedule = 'USING CRON 0 6 * * * UTC'
  allow_overlapping_execution = false
as
  call DB.LOGS.RUN_DBT_AUTO_RESTART(
    project_name => 'shop',
    target_name => 'test',
    dbt_project => 'DB.DBT."My shop''s"',
    dbt_command => 'build --select tag:nightly --vars ''{"note": "it''"''"''s"}''',
    job_name => 'build --select tag:nightly'
  );

alter task DB.LOGS.nightly resume;

-- The procedure runs with its caller's rights. A role other than the one that installs this needs, besides what dbt needs for your
-- models (the role that owns the task, if it is to run it):
-- grant usage on database DB to role R;
-- grant usage on schema DB.LOGS to role R;
-- grant usage on procedure DB.LOGS.RUN_DBT_AUTO_RESTART(varchar, float, number, varchar, varchar, varchar, varchar) to role R;
-- grant select on view DB.LOGS.RESTART_PLAN to role R;
-- grant select, insert, update on table DB.LOGS.PROCESS_EXECUTION_LOG to role R;
-- grant usage on dbt project DB.DBT."My shop's" to role R;
-- grant usage on warehouse NIGHT_WH to role R;
-- grant execute task on account to role R;

