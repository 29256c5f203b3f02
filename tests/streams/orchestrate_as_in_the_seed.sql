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
    BCFINSG Load Orchestration Model
    Equivalent to DataStage SQ60BCFINSGLdPlnBalSegMstr sequence job
    
    This model orchestrates:
    - Source data validation and discovery
    - Incremental load execution monitoring
    - Metadata processing and audit updates
    - Load statistics generation and reporting
    - Process completion tracking
*/

WITH orchestration_context AS (
    SELECT 
        '{{ var("stream_name", "BCFINSG_PLAN_BALN_SEGM_LOAD") }}' as stream_name,
        {{ var("stream_id", 1490) }} as stream_id,
        '{{ var("run_stream_process_date") }}' as process_date,
        '{{ var("ods_batch_id") }}' as batch_id,
        CURRENT_TIMESTAMP()::TIMESTAMP_NTZ(6) as orchestration_start_time,
        
        -- Process instance generation (replaces GetODSProcId)
        {{ exec_logger_streams.generate_dcf_process_instance_id() }} as process_instance_id
),

source_figures AS (
    SELECT 
        oc.*,
        -- Source data discovery (replaces GetFileList)
        (SELECT COUNT(*) FROM {{ ref('int_bcfinsg_validated') }} 
         WHERE final_processing_status = 'READY_FOR_LOADING') as source_record_count,
        
        -- Data quality assessment
        (SELECT AVG(data_quality_score) FROM {{ ref('int_bcfinsg_validated') }} 
         WHERE final_processing_status = 'READY_FOR_LOADING') as avg_data_quality
    FROM orchestration_context oc
),

source_validation AS (
    SELECT
        oc.*,

        -- Processing readiness validation
        CASE 
            WHEN source_record_count > 0 AND avg_data_quality >= 70 
            THEN 'READY_FOR_LOADING'
            WHEN source_record_count > 0 AND avg_data_quality < 70 
            THEN 'QUALITY_ISSUES'
            ELSE 'NO_DATA_AVAILABLE'
        END as orchestration_status
        
    FROM source_figures oc
),

load_execution_monitoring AS (
    SELECT 
        sv.*,
        -- Load execution tracking (replaces file loop processing)
        CASE 
            WHEN orchestration_status = 'READY_FOR_LOADING'
            THEN {{ exec_logger_streams.execute_incremental_load() }}
            ELSE 'SKIPPED'
        END as load_execution_status,
        
        -- Load statistics capture
        {{ exec_logger_streams.capture_load_statistics() }} as load_statistics,
        
        CURRENT_TIMESTAMP()::TIMESTAMP_NTZ(6) as load_completion_time
        
    FROM source_validation sv
),

metadata_processing AS (
    SELECT 
        lem.*,
        -- Metadata updates (replaces GDWUtilProcessMetaDataFL)
        {{ exec_logger_streams.update_process_metadata('BCFINSG_LOAD', 'load_statistics') }} as metadata_update_status,
        
        -- Archive management (replaces MvLoadFiles)
        {{ exec_logger_streams.manage_data_lifecycle() }} as archive_status,
        
        -- Load reporting preparation
        {{ exec_logger_streams.prepare_load_report() }} as report_data,
        
        CURRENT_TIMESTAMP()::TIMESTAMP_NTZ(6) as orchestration_end_time
        
    FROM load_execution_monitoring lem
)

SELECT 
    -- Orchestration summary
    stream_name,
    stream_id,
    process_date,
    batch_id,
    process_instance_id,
    
    -- Execution timeline
    orchestration_start_time,
    load_completion_time,
    orchestration_end_time,
    DATEDIFF('second', orchestration_start_time, orchestration_end_time) as total_duration_seconds,
    
    -- Processing results
    source_record_count,
    avg_data_quality,
    orchestration_status,
    load_execution_status,
    metadata_update_status,
    archive_status,
    
    -- Load statistics
    load_statistics,
    report_data,
    
    -- DCF audit columns
    {{ exec_logger_streams.dcf_audit_columns('orchestrate_bcfinsg_load') }}

FROM metadata_processing

-- Orchestration validation
{{ exec_logger_streams.validate_orchestration_completion() }}
