{{ config(enabled=exec_logger.settings().models, materialized='view') }}

with jobs as (

    select * from {{ ref('execution_jobs') }}

),

models as (

    select * from {{ ref('execution_nodes') }}
    where record_type = 'MODEL'

),

final as (

    select
        models.step_id as log_id,
        models.invocation_id as run_id,
        jobs.project_name,
        models.node_name as model_name,
        models.table_name as model_alias,
        models.schema_name,
        models.database_name,
        models.materialization,
        -- in dbt's words, which the queries over this table look for
        case
            when models.status = 'FAILED' and models.dbt_status = 'fail' then 'FAIL'
            when models.status in ('FAILED', 'PARTIAL_SUCCESS') then 'ERROR'
            else models.status
        end as status,
        models.error_message,
        models.started_at,
        models.ended_at,
        models.duration_seconds as execution_seconds,
        models.rows_affected
    from models
    left join jobs on models.job_id = jobs.job_id

)

select * from final
