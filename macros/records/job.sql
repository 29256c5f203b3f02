{#- Records of jobs, as dicts with the columns of the log table. Pure: no SQL. -#}

{#- The record of a job. `job`: status, start, end (none while it runs), reason, rows, errors, total, success, error, skipped; `config`
    none leaves what the row has. -#}
{% macro job_record(state, job, config) %}
  {%- set planned = none if state.plan is none else state.runnable | length -%}
  {%- set completed, current = ('Y', 'JOB_COMPLETED') if job.end else ('N', 'JOB_STARTED') -%}
  {%- set level, outcome = ('Info', 'Completed') if job.status == 'SUCCESS' else ('Error', 'Failed') -%}
  {%- set started_title = 'Job Started: ' ~ project_name -%}
  {%- set ended_title = 'Job ' ~ outcome ~ ': ' ~ project_name -%}
  {%- do job.update({
    'job_id': state.job_id, 'project': project_name, 'target': target.name, 'database': target.database, 'schema': target.schema,
    'planned': planned, 'completed': completed, 'current': current, 'level': level, 'started_title': started_title,
    'ended_title': ended_title,
  }) -%}
  {%- set record = exec_logger.shaped('{
    "process_step_id": %(job_id)s,
    "record_type": "JOB",
    "execution_status_name": %(status)s,
    "execution_completed_ind": %(completed)s,
    "execution_start_tmstp": %(start)s,
    "execution_end_tmstp": %(end)s,
    "execution_type_name": "DBT_JOB_RUN",
    "extract_start_tmstp": %(start)s,
    "extract_end_tmstp": %(end)s,
    "source_obj": {"type": "DBT_JOB", "project_name": %(project)s},
    "destination_obj": {"target_name": %(target)s, "target_database": %(database)s, "target_schema": %(schema)s},
    "source_data_cnt": %(rows)s,
    "destination_data_cnt_obj": {
      "total_models": %(total)s,
      "completed": %(success)s,
      "successful_models": %(success)s,
      "failed": %(error)s,
      "failed_models": %(error)s,
      "skipped_models": %(skipped)s,
      "running": 0
    },
    "step_execution_obj": {
      "current_step": %(current)s,
      "job_status": %(status)s,
      "reason": %(reason)s,
      "summary": {"total": %(total)s, "success": %(success)s, "error": %(error)s, "skipped": %(skipped)s, "running": 0},
      "execution_timeline": [
        {
          "step_number": 1,
          "timestamp": %(start)s,
          "level": "Info",
          "step_type": "JOB_START",
          "title": %(started_title)s,
          "content": {"planned": %(planned)s}
        },
        {
          "step_number": 2,
          "timestamp": %(end)s,
          "level": %(level)s,
          "step_type": "JOB_COMPLETE",
          "title": %(ended_title)s,
          "content": {"job_status": %(status)s, "reason": %(reason)s}
        }
      ]
    },
    "error_message_obj": %(errors)s,
    "deleted_ind": "N"
  }', job) -%}
  {%- if not job.end -%}{%- do record.step_execution_obj.execution_timeline.pop() -%}{%- endif -%}
  {%- if config -%}{%- do record.update({'process_config_obj': config}) -%}{%- endif -%}
  {{ return(record) }}
{% endmacro %}

{#- The final record, from dbt's results of the nodes and `rows`, unique_id → rows in its table. `errors`: of the on-run-start hooks that
    failed, which makes dbt itself fail. -#}
{% macro job_end_record(state, results, rows, errors) %}
  {%- set job = fromjson('{"rows": 0, "success": 0, "error": 0, "skipped": 0, "status": "SUCCESS", "reason": null}') -%}
  {%- set seen = {} -%}
  {%- for result in results -%}
    {%- set unique_id = result.node.unique_id -%}
    {%- set status = state.statuses.get(result.status | string) -%}
    {%- set count = 'error' if status in state.failures else 'skipped' if status == 'SKIPPED' else 'success' -%}
    {%- do job.update({count: job[count] + 1, 'rows': job.rows + (rows.get(unique_id) or 0)}) -%}
    {%- do seen.update({unique_id: true}) -%}
    {%- if count == 'error' -%}
      {%- do errors.append({'unique_id': unique_id, 'model_name': result.node.name, 'message': result.message}) -%}
    {%- endif -%}
  {%- endfor -%}
  {%- set unseen = state.runnable | reject('in', seen) | list | length -%}
  {%- set total = results | length + unseen -%}
  {%- if errors or unseen or (state.plan is none and not results) -%}
    {%- set reason = job.error ~ ' of ' ~ total ~ ' nodes failed' if job.error
      else unseen ~ ' of ' ~ total ~ ' planned nodes have no result' if unseen
      else 'an on-run-start hook failed' if errors else 'dbt gave no result at all' -%}
    {%- do job.update({'status': 'FAILED', 'reason': reason}) -%}
  {%- endif -%}
  {%- set times = exec_logger.utc_texts([run_started_at, 'now']) -%}
  {%- do job.update({
    'total': total, 'start': times[0], 'end': times[1],
    'errors': exec_logger.job_errors(errors) if errors else errors,
  }) -%}
  {{ return(exec_logger.job_record(state, job, none if state.job_written else exec_logger.job_config(state))) }}
{% endmacro %}

{#- The errors of a job's nodes, cut so that they fit into its row: the whole messages stand in the node rows. -#}
{% macro job_errors(errors) %}
  {%- set limit = [[60000 // errors | length, 4000] | min, 100] | max -%}
  {%- set kept = [] -%}
  {%- for error in errors[:500] -%}
    {%- set message = exec_logger.bounded_text(error.message, limit) -%}
    {%- do kept.append({'unique_id': error.unique_id, 'model_name': error.model_name, 'message': message}) -%}
  {%- endfor -%}
  {%- if errors | length > 500 -%}
    {%- set message = (errors | length - 500) ~ ' more nodes failed: their own rows say why' -%}
    {%- do kept.append({'unique_id': none, 'model_name': none, 'message': message}) -%}
  {%- endif -%}
  {{ return(kept) }}
{% endmacro %}
