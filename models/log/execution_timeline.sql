{{ config(enabled=exec_logger.settings().models, materialized='view') }}
{%- set sql = exec_logger.view_sql %}

with log_rows as (

    select * from {{ source('exec_logger', 'process_execution_log') }}
    where coalesce(record_type, 'JOB') <> 'LEASE' and coalesce(deleted_ind, 'N') <> 'Y'

),

final as (

    select
        process_step_id || '#' || cast(element_.index + 1 as varchar) as event_id,
        process_step_id as step_id,
        coalesce(parent_step_id, process_step_id) as job_id,
        coalesce(record_type, 'JOB') as record_type,
        {{ sql('text', 'step_execution_obj', 'unique_id') }} as unique_id,
        {{ sql('text', 'step_execution_obj', 'model_name') }} as node_name,
        {{ sql('integer', 'element_.value', 'step_number') }} as step_number,
        {{ sql('time', sql('text', 'element_.value', 'timestamp')) }} as occurred_at,
        {{ sql('text', 'element_.value', 'level') }} as event_level,
        {{ sql('text', 'element_.value', 'step_type') }} as step_type,
        {{ sql('text', 'element_.value', 'title') }} as title,
        {{ sql('text', 'element_.value', 'query_id') }} as query_id,
        {{ sql('text', 'element_.value', 'query_result.execution_status') }} as execution_status,
        {{ sql('integer', 'element_.value', 'query_result.rows_in_destination') }} as rows_in_destination,
        {{ sql('integer', 'element_.value', 'query_result.rows_affected') }} as rows_affected,
        {{ sql('json', 'element_.value', 'content') }} as content
    from log_rows{{ sql('elements', sql('json', 'step_execution_obj', 'execution_timeline')) }}

)

select * from final
