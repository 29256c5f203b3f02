{{ config(enabled=exec_logger.settings().models, materialized='view') }}
{%- set sql = exec_logger.view_sql %}

with log_rows as (

    select * from {{ source('exec_logger', 'process_execution_log') }}
    where parent_step_id is null and coalesce(record_type, 'JOB') <> 'LEASE' and coalesce(deleted_ind, 'N') <> 'Y'

),

nodes as (

    select * from {{ ref('execution_nodes') }}

),

failed_nodes as (

    select
        step_id as error_id,
        job_id,
        record_type,
        unique_id,
        node_name,
        full_name,
        error_message as message,
        coalesce(ended_at, updated_at) as failed_at
    from nodes
    where status in ('FAILED', 'PARTIAL_SUCCESS') or error_message is not null

),

job_errors as (

    select
        process_step_id || '#' || cast(element_.index + 1 as varchar) as error_id,
        process_step_id as job_id,
        'JOB' as record_type,
        {{ sql('text', 'element_.value', 'unique_id') }} as unique_id,
        {{ sql('text', 'element_.value', 'model_name') }} as node_name,
        cast(null as varchar) as full_name,
        {{ sql('text', 'element_.value', 'message') }} as message,
        coalesce(execution_end_tmstp, update_tmstp) as failed_at
    from log_rows{{ sql('elements', 'error_message_obj') }}

),

-- a job repeats the errors of its nodes; its own are those of hooks, and why it was closed
errors_of_jobs_alone as (

    select job_errors.*
    from job_errors
    left join failed_nodes
        on job_errors.job_id = failed_nodes.job_id
        and (job_errors.unique_id = failed_nodes.unique_id
            or (failed_nodes.unique_id is null and job_errors.node_name = failed_nodes.node_name))
    where failed_nodes.job_id is null

),

final as (

    select * from failed_nodes
    union all
    select * from errors_of_jobs_alone

)

select * from final
