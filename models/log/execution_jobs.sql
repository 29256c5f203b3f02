{{ config(enabled=exec_logger.settings().models, materialized='view') }}
{%- set sql = exec_logger.view_sql %}

-- one plain SELECT, no CTEs: only so PostgreSQL finds the newest jobs through the index on INSERT_TMSTP
select
    process_step_id as job_id,
    case when left(process_step_id, 4) = 'JOB_' then substr(process_step_id, 5) else process_step_id end as invocation_id,
    coalesce(
        {{ sql('text', 'process_config_obj', 'project_name') }}, {{ sql('text', 'source_obj', 'project_name') }}
    ) as project_name,
    coalesce(
        {{ sql('text', 'process_config_obj', 'target_name') }}, {{ sql('text', 'destination_obj', 'target_name') }}
    ) as target_name,
    {{ sql('text', 'destination_obj', 'target_database') }} as target_database,
    {{ sql('text', 'destination_obj', 'target_schema') }} as target_schema,
    {{ sql('text', 'process_config_obj', 'job_name') }} as job_name,
    {{ sql('text', 'process_config_obj', 'command') }} as command,
    {{ sql('text', 'process_config_obj', 'invocation_command') }} as invocation_command,
    coalesce({{ sql('text', 'process_config_obj', 'run_type') }}, 'FULL_BUILD') as run_type,
    coalesce(nullif({{ sql('integer', 'process_config_obj', 'attempt_no') }}, 0), 1) as attempt_no,
    {{ sql('text', 'process_config_obj', 'restart_of') }} as restart_of,
    coalesce(execution_status_name, 'UNKNOWN') as status,
    {{ sql('text', 'step_execution_obj', 'reason') }} as reason,
    coalesce(execution_completed_ind, 'N') = 'Y' as is_completed,
    execution_start_tmstp as started_at,
    execution_end_tmstp as ended_at,
    {{ sql('seconds', 'execution_start_tmstp', 'execution_end_tmstp') }} as duration_seconds,
    coalesce(
        {{ sql('integer', 'destination_data_cnt_obj', 'total_models') }}, {{ sql('integer', 'step_execution_obj', 'summary.total') }}
    ) as nodes_total,
    coalesce(
        {{ sql('integer', 'destination_data_cnt_obj', 'completed') }}, {{ sql('integer', 'step_execution_obj', 'summary.success') }}
    ) as nodes_ok,
    coalesce(
        {{ sql('integer', 'destination_data_cnt_obj', 'failed') }}, {{ sql('integer', 'step_execution_obj', 'summary.error') }}
    ) as nodes_failed,
    coalesce(
        {{ sql('integer', 'destination_data_cnt_obj', 'skipped_models') }},
        {{ sql('integer', 'step_execution_obj', 'summary.skipped') }}
    ) as nodes_skipped,
    coalesce(
        {{ sql('integer', 'destination_data_cnt_obj', 'running') }}, {{ sql('integer', 'step_execution_obj', 'summary.running') }}
    ) as nodes_running,
    source_data_cnt as row_count,
    {{ sql('text', 'error_message_obj', '[0].message') }} as first_error_message,
    {{ sql('text', 'process_config_obj', 'target_type') }} as target_type,
    {{ sql('text', 'process_config_obj', 'warehouse') }} as warehouse_name,
    {{ sql('text', 'process_config_obj', 'role') }} as role_name,
    {{ sql('text', 'process_config_obj', 'user') }} as user_name,
    {{ sql('integer', 'process_config_obj', 'threads') }} as threads,
    {{ sql('text', 'process_config_obj', 'query_tag') }} as query_tag,
    {{ sql('text', 'process_config_obj', 'dbt_version') }} as dbt_version,
    {{ sql('text', 'process_config_obj', 'package_version') }} as package_version,
    {{ sql('boolean', 'process_config_obj', 'full_refresh') }} as is_full_refresh,
    {{ sql('text', 'process_config_obj', 'git_sha') }} as git_sha,
    {{ sql('text', 'process_config_obj', 'host') }} as host,
    {{ sql('integer', 'process_config_obj', 'pid') }} as pid,
    {{ sql('text', 'process_config_obj', 'dbt_cloud.account_id') }} as dbt_cloud_account_id,
    {{ sql('text', 'process_config_obj', 'dbt_cloud.project_id') }} as dbt_cloud_project_id,
    {{ sql('text', 'process_config_obj', 'dbt_cloud.job_id') }} as dbt_cloud_job_id,
    {{ sql('text', 'process_config_obj', 'dbt_cloud.run_id') }} as dbt_cloud_run_id,
    {{ sql('text', 'process_config_obj', 'dbt_cloud.environment_id') }} as dbt_cloud_environment_id,
    {{ sql('text', 'process_config_obj', 'dbt_cloud.environment_name') }} as dbt_cloud_environment_name,
    {{ sql('text', 'process_config_obj', 'dbt_cloud.environment_type') }} as dbt_cloud_environment_type,
    {{ sql('text', 'process_config_obj', 'dbt_cloud.invocation_context') }} as dbt_cloud_invocation_context,
    {{ sql('text', 'process_config_obj', 'dbt_cloud.run_reason') }} as dbt_cloud_run_reason,
    {{ sql('text', 'process_config_obj', 'dbt_cloud.run_reason_category') }} as dbt_cloud_run_reason_category,
    {{ sql('text', 'process_config_obj', 'dbt_cloud.git_branch') }} as dbt_cloud_git_branch,
    {{ sql('json', 'process_config_obj', 'select') }} as selected,
    {{ sql('json', 'process_config_obj', 'exclude') }} as excluded,
    {{ sql('text', 'process_config_obj', 'selector') }} as selector,
    {{ sql('json', 'process_config_obj', 'vars') }} as vars,
    {{ sql('json', 'process_config_obj', 'vars_hidden') }} as vars_hidden,
    {{ sql('json', 'process_config_obj', 'args') }} as args,
    {{ sql('json', 'process_config_obj', 'plan') }} as plan,
    {{ sql('json', 'process_config_obj', 'ephemeral') }} as ephemeral,
    {{ sql('text', 'process_config_obj', 'plan_omitted') }} as plan_omitted,
    insert_tmstp as inserted_at,
    update_tmstp as updated_at,
    process_execution_log_sk as log_sk
from {{ source('exec_logger', 'process_execution_log') }}
where parent_step_id is null and coalesce(record_type, 'JOB') <> 'LEASE' and coalesce(deleted_ind, 'N') <> 'Y'
