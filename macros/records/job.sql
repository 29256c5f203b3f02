{#- Records of jobs: dicts with the columns of the log table. Pure: no SQL. -#}

{% macro job_start_record(state) %}
  {%- set planned = exec_logger.runnable(state.plan) -%}
  {{ return(exec_logger.job_record(state, {
    'status': 'RUNNING', 'start': exec_logger.utc_text(), 'end': none, 'reason': none, 'errors': [], 'rows': none,
    'counts': {'total': planned | length, 'success': 0, 'error': 0, 'skipped': 0},
    'config': exec_logger.job_config(state),
  })) }}
{% endmacro %}

{#- `nodes`: the final node records. `failed_hooks`: [{unique_id, model_name, message}] of on-run-start hooks that failed, which makes dbt
    itself fail. The configuration goes along unless the job's start row already has it. -#}
{% macro job_end_record(state, nodes, failed_hooks) %}
  {%- set counts = {'total': 0, 'success': 0, 'error': 0, 'skipped': 0} -%}
  {%- set unseen = {} -%}
  {%- for unique_id in exec_logger.runnable(state.plan) -%}{%- do unseen.update({unique_id: true}) -%}{%- endfor -%}
  {%- set errors = failed_hooks | list -%}
  {%- set rows = [] -%}
  {%- for node in nodes -%}
    {%- set status = node.execution_status_name -%}
    {%- set count = 'error' if status in state.failures else 'skipped' if status == 'SKIPPED' else 'success' -%}
    {%- do counts.update({count: counts[count] + 1}) -%}
    {%- do unseen.pop(node.step_execution_obj.unique_id, none) -%}
    {%- do errors.extend(node.error_message_obj) -%}
    {%- if node.source_data_cnt is not none -%}{%- do rows.append(node.source_data_cnt) -%}{%- endif -%}
  {%- endfor -%}
  {%- do counts.update({'total': nodes | length + unseen | length}) -%}
  {%- set reason = none -%}
  {%- if counts.error -%}
    {%- set reason = counts.error ~ ' of ' ~ counts.total ~ ' nodes failed' -%}
  {%- elif unseen -%}
    {%- set reason = unseen | length ~ ' of ' ~ counts.total ~ ' planned nodes have no result' -%}
  {%- elif failed_hooks -%}
    {%- set reason = 'an on-run-start hook failed' -%}
  {%- endif -%}
  {{ return(exec_logger.job_record(state, {
    'status': 'FAILED' if reason else 'SUCCESS', 'start': exec_logger.utc_text(run_started_at), 'end': exec_logger.utc_text(),
    'reason': reason, 'errors': exec_logger.job_errors(errors), 'rows': rows | sum, 'counts': counts,
    'config': none if state.job_written else exec_logger.job_config(state),
  })) }}
{% endmacro %}

{% macro job_record(state, job) %}
  {%- set running = job.status == 'RUNNING' -%}
  {%- set timeline = [{
    'step_number': 1, 'timestamp': job.start, 'level': 'Info', 'step_type': 'JOB_START', 'title': 'Job Started: ' ~ project_name,
    'content': {'planned': none if state.plan is none else exec_logger.runnable(state.plan) | length},
  }] -%}
  {%- if not running -%}
    {%- do timeline.append({
      'step_number': 2, 'timestamp': job.end, 'level': 'Info' if job.status == 'SUCCESS' else 'Error', 'step_type': 'JOB_COMPLETE',
      'title': 'Job ' ~ ('Completed' if job.status == 'SUCCESS' else 'Failed') ~ ': ' ~ project_name,
      'content': {'job_status': job.status, 'reason': job.reason},
    }) -%}
  {%- endif -%}
  {{ return({
    'process_step_id': state.job_id,
    'record_type': 'JOB',
    'execution_status_name': job.status,
    'execution_completed_ind': 'N' if running else 'Y',
    'execution_start_tmstp': job.start,
    'execution_end_tmstp': job.end,
    'execution_type_name': 'DBT_JOB_RUN',
    'extract_start_tmstp': job.start,
    'extract_end_tmstp': job.end,
    'source_obj': {'type': 'DBT_JOB', 'project_name': project_name},
    'destination_obj': {
      'target_name': target.name, 'target_database': target.database | default(none), 'target_schema': target.schema,
    },
    'process_config_obj': job.config,
    'source_data_cnt': job.rows,
    'destination_data_cnt_obj': {
      'total_models': job.counts.total,
      'completed': job.counts.success,
      'successful_models': job.counts.success,
      'failed': job.counts.error,
      'failed_models': job.counts.error,
      'skipped_models': job.counts.skipped,
      'running': 0,
    },
    'step_execution_obj': {
      'current_step': 'JOB_STARTED' if running else 'JOB_COMPLETED',
      'job_status': job.status,
      'reason': job.reason,
      'summary': {
        'total': job.counts.total, 'success': job.counts.success, 'error': job.counts.error, 'skipped': job.counts.skipped,
        'running': 0,
      },
      'execution_timeline': timeline,
    },
    'error_message_obj': job.errors,
    'deleted_ind': 'N',
  }) }}
{% endmacro %}

{#- The planned nodes that dbt gives a result for: it runs no ephemeral models, sources, exposures, metrics or semantic models. -#}
{% macro runnable(plan) %}
  {%- set found = [] -%}
  {%- for unique_id in plan or [] -%}
    {%- set kind = unique_id.split('.')[0] -%}
    {%- set node = graph.nodes.get(unique_id) if kind == 'model' else none -%}
    {%- if kind in ('seed', 'snapshot', 'test', 'unit_test', 'function')
        or (kind == 'model' and (node is none or node.config.materialized != 'ephemeral')) -%}
      {%- do found.append(unique_id) -%}
    {%- endif -%}
  {%- endfor -%}
  {{ return(found) }}
{% endmacro %}

{#- The errors of a job's nodes, cut so that they fit into its row: the whole messages stand in the node rows. -#}
{% macro job_errors(errors) %}
  {%- set limit = [[200000 // (errors | length or 1), 4000] | min, 100] | max -%}
  {%- set most = 500 -%}
  {%- set kept = [] -%}
  {%- for error in errors[:most] -%}
    {%- do kept.append({
      'unique_id': error.unique_id, 'model_name': error.model_name, 'message': exec_logger.bounded_text(error.message, limit),
    }) -%}
  {%- endfor -%}
  {%- if errors | length > most -%}
    {%- do kept.append({
      'unique_id': none, 'model_name': none,
      'message': (errors | length - most) ~ ' more nodes failed: their own rows say why',
    }) -%}
  {%- endif -%}
  {{ return(kept) }}
{% endmacro %}
