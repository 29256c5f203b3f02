{{ config(enabled=exec_logger.settings().models, materialized='view') }}
{%- set sql = exec_logger.view_sql %}
{%- set config = 'log_rows.process_config_obj' %}

with jobs as (

    select * from {{ ref('execution_jobs') }}

),

log_rows as (

    select * from {{ source('exec_logger', 'process_execution_log') }}

),

final as (

    select
        jobs.dbt_cloud_run_id,
        jobs.dbt_cloud_job_id,
        jobs.dbt_cloud_environment_id,
        jobs.dbt_cloud_project_id,
        {{ sql('object') }}(
            'invocation_id', jobs.invocation_id,
            'dbt_version', jobs.dbt_version,
            'project_name', jobs.project_name,
            'target_name', jobs.target_name,
            'job_name', jobs.job_name,
            'query_tag', {{ sql('text', config, 'query_tag') }},
            'dbt_cloud', {{ sql('object') }}(
                'account_id', jobs.dbt_cloud_account_id,
                'project_id', jobs.dbt_cloud_project_id,
                'environment_id', jobs.dbt_cloud_environment_id,
                'environment_name', {{ sql('text', config, 'dbt_cloud.environment_name') }},
                'environment_type', {{ sql('text', config, 'dbt_cloud.environment_type') }},
                'invocation_context', {{ sql('text', config, 'dbt_cloud.invocation_context') }},
                'job_id', jobs.dbt_cloud_job_id,
                'run_id', jobs.dbt_cloud_run_id,
                'run_reason', jobs.dbt_cloud_run_reason,
                'run_reason_category', jobs.dbt_cloud_run_reason_category,
                'git_branch', jobs.dbt_cloud_git_branch,
                'git_sha', {{ sql('text', config, 'dbt_cloud.git_sha') }}
            ),
            'git_sha', jobs.git_sha,
            'invocation_args', {{ sql('object') }}(
                'command', jobs.command,
                'invocation_command', jobs.invocation_command,
                'select', jobs.selected,
                'exclude', jobs.excluded,
                'selector', jobs.selector,
                'full_refresh', jobs.is_full_refresh,
                'threads', jobs.threads,
                'vars', jobs.vars,
                'args', jobs.args
            )
        ) as dbt_run_context
    from jobs
    inner join log_rows on jobs.log_sk = log_rows.process_execution_log_sk

)

select * from final
