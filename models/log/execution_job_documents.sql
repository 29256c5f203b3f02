{{ config(enabled=exec_logger.settings().models, materialized='view') }}
{%- set sql = exec_logger.view_sql %}

with log_rows as (

    select * from {{ source('exec_logger', 'process_execution_log') }}

),

nodes as (

    select * from {{ ref('execution_nodes') }}
    where record_type = 'MODEL'

),

jobs as (

    select * from log_rows
    where parent_step_id is null and coalesce(record_type, 'JOB') <> 'LEASE' and coalesce(deleted_ind, 'N') <> 'Y'

),

models as (

    select
        job_id,
        count(*) as total,
        count(case when status in ('SUCCESS', 'WARNING', 'REUSED') then 1 end) as completed,
        count(case when status in ('FAILED', 'PARTIAL_SUCCESS') then 1 end) as failed,
        count(case when status = 'RUNNING' then 1 end) as running,
        {% set document -%}
        {{ sql('object') }}(
            'model_name', node_name,
            'database', database_name,
            'schema', schema_name,
            'status', status,
            'start_time', {{ sql('time_text', 'started_at') }},
            'end_time', {{ sql('time_text', 'ended_at') }},
            'duration_seconds', duration_seconds,
            'error', error_message
        )
        {%- endset -%}
        {{ sql('array', document, 'started_at, step_id') }} as documents
    from nodes
    group by job_id

),

final as (

    select
        jobs.process_execution_log_sk,
        jobs.process_config_sk,
        jobs.process_step_id,
        jobs.execution_status_name,
        jobs.execution_completed_ind,
        jobs.execution_start_tmstp,
        jobs.execution_end_tmstp,
        jobs.execution_type_name,
        jobs.extract_start_tmstp,
        jobs.extract_end_tmstp,
        jobs.source_obj,
        jobs.destination_obj,
        jobs.process_config_obj,
        jobs.source_data_cnt,
        {{ sql('object') }}(
            'total_models', coalesce(models.total, 0),
            'completed', coalesce(models.completed, 0),
            'failed', coalesce(models.failed, 0),
            'running', coalesce(models.running, 0)
        ) as destination_data_cnt_obj,
        {{ sql('object') }}(
            'current_step', {{ sql('text', 'jobs.step_execution_obj', 'current_step') }},
            'summary', {{ sql('object') }}(
                'total', coalesce(models.total, 0),
                'success', coalesce(models.completed, 0),
                'error', coalesce(models.failed, 0),
                'running', coalesce(models.running, 0)
            ),
            'models', coalesce(models.documents, {{ sql('from_json', "'[]'") }})
        ) as step_execution_obj,
        jobs.error_message_obj,
        jobs.insert_tmstp,
        jobs.update_tmstp,
        jobs.deleted_ind
    from jobs
    left join models on jobs.process_step_id = models.job_id

)

select * from final
