{{ config(enabled=exec_logger.settings().models, materialized='view') }}
{%- set sql = exec_logger.view_sql %}

with node_rows as (

    select * from {{ source('exec_logger', 'process_execution_log') }}
    where parent_step_id is not null and coalesce(record_type, 'UNKNOWN') <> 'LEASE' and coalesce(deleted_ind, 'N') <> 'Y'

),

-- the first format of the log kept the models in an array in the job's own row
single_records as (

    select * from {{ source('exec_logger', 'process_execution_log') }}
    where parent_step_id is null and coalesce(record_type, 'JOB') <> 'LEASE' and coalesce(deleted_ind, 'N') <> 'Y'

),

models_of_single_records as (

    select
        single_records.*,
        {{ sql('text', 'element_.value', 'model_name') }} as model_name_,
        {{ sql('text', 'element_.value', 'status') }} as status_,
        {{ sql('text', 'element_.value', 'database') }} as database_,
        {{ sql('text', 'element_.value', 'schema') }} as schema_,
        {{ sql('text', 'element_.value', 'error') }} as error_,
        {{ sql('text', 'element_.value', 'start_time') }} as start_text,
        {{ sql('text', 'element_.value', 'end_time') }} as end_text,
        {{ sql('number', 'element_.value', 'duration_seconds') }} as seconds_
    from single_records{{ sql('elements', sql('json', 'step_execution_obj', 'models')) }}

),

of_node_rows as (

    select
        process_step_id as step_id,
        parent_step_id as job_id,
        {{ sql('text', 'step_execution_obj', 'unique_id') }} as unique_id,
        record_type,
        coalesce({{ sql('text', 'step_execution_obj', 'model_name') }}, process_step_id) as node_name,
        coalesce(execution_status_name, 'UNKNOWN') as status,
        {{ sql('text', 'step_execution_obj', 'dbt_status') }} as dbt_status,
        coalesce(execution_completed_ind, 'N') = 'Y' as is_completed,
        execution_start_tmstp as started_at,
        execution_end_tmstp as ended_at,
        coalesce(
            {{ sql('number', 'step_execution_obj', 'execution_time_seconds') }},
            {{ sql('seconds', 'execution_start_tmstp', 'execution_end_tmstp') }}
        ) as duration_seconds,
        {{ sql('time', sql('text', 'step_execution_obj', 'compile_started_at')) }} as compile_started_at,
        {{ sql('time', sql('text', 'step_execution_obj', 'compile_completed_at')) }} as compile_completed_at,
        {{ sql('time', sql('text', 'step_execution_obj', 'execute_started_at')) }} as execute_started_at,
        {{ sql('time', sql('text', 'step_execution_obj', 'execute_completed_at')) }} as execute_completed_at,
        execution_type_name as execution_type,
        {{ sql('text', 'destination_obj', 'materialization') }} as materialization,
        {{ sql('text', 'destination_obj', 'database') }} as database_name,
        {{ sql('text', 'destination_obj', 'schema') }} as schema_name,
        {{ sql('text', 'destination_obj', 'table') }} as table_name,
        {{ sql('text', 'destination_obj', 'full_name') }} as full_name,
        source_data_cnt as row_count,
        {{ sql('integer', 'step_execution_obj', 'execution_timeline[1].query_result.rows_affected') }} as rows_affected,
        {{ sql('integer', 'step_execution_obj', 'failures') }} as failures,
        {{ sql('text', 'error_message_obj', '[0].message') }} as error_message,
        coalesce(
            {{ sql('text', 'step_execution_obj', 'query_id_end') }}, {{ sql('text', 'step_execution_obj', 'query_id_start') }}
        ) as query_id,
        {{ sql('text', 'step_execution_obj', 'thread_id') }} as thread_id,
        insert_tmstp as inserted_at,
        update_tmstp as updated_at,
        process_execution_log_sk as log_sk
    from node_rows

),

-- of the same types, column by column, or PostgreSQL works out all of them, whichever are asked for
of_single_records as (

    select
        cast(process_step_id || '_MODEL_' || coalesce(model_name_, '?') as varchar) as step_id,
        process_step_id as job_id,
        cast(null as text) as unique_id,
        cast('MODEL' as varchar) as record_type,
        coalesce(model_name_, '?') as node_name,
        cast(coalesce(status_, 'UNKNOWN') as varchar) as status,
        cast(null as text) as dbt_status,
        coalesce(status_, 'UNKNOWN') <> 'RUNNING' as is_completed,
        {{ sql('time', 'start_text') }} as started_at,
        {{ sql('time', 'end_text') }} as ended_at,
        coalesce(seconds_, {{ sql('seconds', sql('time', 'start_text'), sql('time', 'end_text')) }}) as duration_seconds,
        {{ sql('time', 'cast(null as varchar)') }} as compile_started_at,
        {{ sql('time', 'cast(null as varchar)') }} as compile_completed_at,
        {{ sql('time', 'cast(null as varchar)') }} as execute_started_at,
        {{ sql('time', 'cast(null as varchar)') }} as execute_completed_at,
        cast(null as varchar) as execution_type,
        cast(null as text) as materialization,
        database_ as database_name,
        schema_ as schema_name,
        model_name_ as table_name,
        coalesce(database_ || '.', '') || coalesce(schema_ || '.', '') || coalesce(model_name_, '?') as full_name,
        cast(null as bigint) as row_count,
        cast(null as bigint) as rows_affected,
        cast(null as bigint) as failures,
        error_ as error_message,
        cast(null as text) as query_id,
        cast(null as text) as thread_id,
        insert_tmstp as inserted_at,
        update_tmstp as updated_at,
        process_execution_log_sk as log_sk
    from models_of_single_records

),

nodes as (

    select * from of_node_rows
    union all
    select * from of_single_records

),

final as (

    select
        nodes.*,
        case when left(job_id, 4) = 'JOB_' then substr(job_id, 5) else job_id end as invocation_id,
        nullif(split_part(unique_id, '.', 2), '') as package_name
    from nodes

)

select * from final
