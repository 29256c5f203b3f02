{{ config(enabled=exec_logger.settings().models, materialized='view') }}
{%- set sql = exec_logger.view_sql %}

with log_rows as (

    select * from {{ source('exec_logger', 'process_execution_log') }}
    where parent_step_id is not null and coalesce(record_type, 'UNKNOWN') <> 'LEASE' and coalesce(deleted_ind, 'N') <> 'Y'

),

final as (

    select
        process_step_id || '#' || member_.key as lineage_id,
        process_step_id as step_id,
        parent_step_id as job_id,
        record_type,
        {{ sql('text', 'step_execution_obj', 'unique_id') }} as unique_id,
        {{ sql('text', 'step_execution_obj', 'model_name') }} as node_name,
        member_.key as source_key,
        {{ sql('text', 'member_.value', 'type') }} as source_type,
        {{ sql('text', 'member_.value', 'name') }} as source_name,
        {{ sql('text', 'member_.value', 'node_id') }} as source_unique_id
    from log_rows{{ sql('members', 'source_obj') }}

)

select * from final
