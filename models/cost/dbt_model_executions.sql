{{ config(enabled=exec_logger.settings().models, materialized='view') }}
{%- set sql = exec_logger.view_sql %}

with jobs as (

    select * from {{ ref('execution_jobs') }}

),

nodes as (

    select * from {{ ref('execution_nodes') }}

),

log_rows as (

    select * from {{ source('exec_logger', 'process_execution_log') }}

),

-- a model that still runs has no outcome yet
models as (

    select * from nodes
    where record_type = 'MODEL' and status <> 'RUNNING'

),

configs as (

    select
        process_execution_log_sk as log_sk,
        process_config_obj as node_config
    from log_rows
    where parent_step_id is not null

),

final as (

    select
        models.node_name as model_name,
        models.full_name as relation_name,
        models.package_name as model_package,
        models.materialization as model_type,
        case
            when models.status in ('SUCCESS', 'WARNING') then 'success'
            when models.status in ('FAILED', 'PARTIAL_SUCCESS') then 'error'
            else lower(models.status)
        end as status,
        cast(models.duration_seconds as double precision) as execution_time,
        models.invocation_id,
        models.query_id,
        models.inserted_at as insert_timestamp,
        jobs.dbt_cloud_run_id,
        jobs.dbt_cloud_job_id,
        jobs.dbt_cloud_project_id,
        jobs.dbt_version,
        jobs.started_at as run_started_at,
        {{ sql('json_text', 'coalesce(configs.node_config, ' ~ sql('object') ~ "('materialized', models.materialization))") }} as node_config
    from models
    left join jobs on models.job_id = jobs.job_id
    left join configs on models.log_sk = configs.log_sk

)

select * from final
