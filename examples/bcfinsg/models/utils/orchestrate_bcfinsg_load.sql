{{ config(
    materialized='table',
    tags=['bcfinsg', 'orchestration', 'stream_bcfinsg'],
    pre_hook=[
        "{{ exec_logger_streams.validate_stream_status(var('stream_name', 'BCFINSG_PLAN_BALN_SEGM_LOAD')) }}",
        "{{ exec_logger_streams.initialize_load_orchestration() }}"
    ],
    post_hook=[
        "{{ exec_logger_streams.finalize_load_orchestration() }}",
        "{{ exec_logger_streams.send_load_completion_report() }}"
    ]
) }}

/*
    The model of seed 003, in SQL that the three warehouses share: a name that a SELECT has just given is used one step later,
    JSON and differences of times come from macros.
*/

with orchestration_context as (

    select
        '{{ var("stream_name", "BCFINSG_PLAN_BALN_SEGM_LOAD") }}' as stream_name,
        {{ var("stream_id", 1490) }} as stream_id,
        '{{ var("run_stream_process_date") }}' as process_date,
        '{{ var("ods_batch_id") }}' as batch_id,
        cast(current_timestamp as timestamp) as orchestration_start_time,
        {{ exec_logger_streams.generate_dcf_process_instance_id() }} as process_instance_id

),

source_figures as (

    select count(*) as source_record_count, avg(data_quality_score) as avg_data_quality
    from {{ ref('int_bcfinsg_validated') }}
    where final_processing_status = 'READY_FOR_LOADING'

),

source_validation as (

    select
        oc.*,
        sf.source_record_count,
        sf.avg_data_quality,
        case
            when sf.source_record_count > 0 and sf.avg_data_quality >= {{ var('dcf_quality_threshold', 70) }} then 'READY_FOR_LOADING'
            when sf.source_record_count > 0 then 'QUALITY_ISSUES'
            else 'NO_DATA_AVAILABLE'
        end as orchestration_status
    from orchestration_context as oc
    cross join source_figures as sf

),

load_execution_monitoring as (

    select
        sv.*,
        case
            when orchestration_status = 'READY_FOR_LOADING' then {{ exec_logger_streams.execute_incremental_load() }}
            else 'SKIPPED'
        end as load_execution_status,
        {{ exec_logger_streams.capture_load_statistics() }} as load_statistics,
        cast(current_timestamp as timestamp) as load_completion_time
    from source_validation as sv

),

metadata_processing as (

    select
        lem.*,
        {{ exec_logger_streams.update_process_metadata('BCFINSG_LOAD', 'load_statistics') }} as metadata_update_status,
        {{ exec_logger_streams.manage_data_lifecycle() }} as archive_status,
        {{ exec_logger_streams.prepare_load_report() }} as report_data,
        cast(current_timestamp as timestamp) as orchestration_end_time
    from load_execution_monitoring as lem

)

select
    stream_name,
    stream_id,
    process_date,
    batch_id,
    process_instance_id,
    orchestration_start_time,
    load_completion_time,
    orchestration_end_time,
    {{ dbt.datediff('orchestration_start_time', 'orchestration_end_time', 'second') }} as total_duration_seconds,
    source_record_count,
    avg_data_quality,
    orchestration_status,
    load_execution_status,
    metadata_update_status,
    archive_status,
    load_statistics,
    report_data,
    {{ exec_logger_streams.dcf_audit_columns('orchestrate_bcfinsg_load') }}
from metadata_processing

{{ exec_logger_streams.validate_orchestration_completion() }}
