{{ config(enabled=exec_logger.settings().models, materialized='view') }}
{%- set sql = exec_logger.view_sql %}

with jobs as (

    select * from {{ ref('execution_jobs') }}

),

-- once more for each array, as PostgreSQL reads what is named twice in full
plans as (

    select * from {{ ref('execution_jobs') }}

),

never_run as (

    select * from {{ ref('execution_jobs') }}

),

selecting as (

    select * from {{ ref('execution_jobs') }}

),

nodes as (

    select * from {{ ref('execution_nodes') }}

),

planned as (

    select
        plans.job_id,
        count(case when {{ sql('scalar', 'element_.value') }} like 'model.%' then 1 end) as models_planned
    from plans{{ sql('elements', 'plans.plan') }}
    group by plans.job_id

),

ephemeral as (

    select
        never_run.job_id,
        count(case when {{ sql('scalar', 'element_.value') }} like 'model.%' then 1 end) as models_ephemeral
    from never_run{{ sql('elements', 'never_run.ephemeral') }}
    group by never_run.job_id

),

selections as (

    select
        selecting.job_id,
        {{ sql('joined', sql('scalar', 'element_.value'), ' ', 'element_.index') }} as selected
    from selecting{{ sql('elements', 'selecting.selected') }}
    group by selecting.job_id

),

ran as (

    select
        job_id,
        count(case when record_type = 'MODEL' then 1 end) as models_known,
        count(case when record_type = 'MODEL' and status <> 'SKIPPED' then 1 end) as models_run,
        count(case when record_type = 'MODEL' and status in ('SUCCESS', 'WARNING', 'REUSED') then 1 end) as models_success,
        count(case when record_type = 'MODEL' and status in ('FAILED', 'PARTIAL_SUCCESS') then 1 end) as models_failed,
        count(case when record_type = 'MODEL' and status = 'SKIPPED' then 1 end) as models_skipped,
        count(case when record_type in ('TEST', 'UNIT_TEST') and status <> 'SKIPPED' then 1 end) as tests_run,
        count(
            case when record_type in ('TEST', 'UNIT_TEST') and status in ('SUCCESS', 'WARNING', 'REUSED') then 1 end
        ) as tests_passed,
        count(case when record_type in ('TEST', 'UNIT_TEST') and status = 'FAILED' then 1 end) as tests_failed
    from nodes
    group by job_id

),

final as (

    select
        jobs.invocation_id as run_id,
        jobs.project_name,
        jobs.target_name as environment,
        jobs.started_at as run_started_at,
        jobs.ended_at as run_ended_at,
        jobs.duration_seconds as run_duration_seconds,
        jobs.status as run_status,
        coalesce(planned.models_planned - coalesce(ephemeral.models_ephemeral, 0), ran.models_known, 0) as models_selected,
        coalesce(ran.models_run, 0) as models_run,
        coalesce(ran.models_success, 0) as models_success,
        coalesce(ran.models_failed, 0) as models_failed,
        coalesce(ran.models_skipped, 0) as models_skipped,
        coalesce(ran.tests_run, 0) as tests_run,
        coalesce(ran.tests_passed, 0) as tests_passed,
        coalesce(ran.tests_failed, 0) as tests_failed,
        jobs.warehouse_name,
        jobs.user_name,
        jobs.role_name,
        jobs.dbt_version,
        coalesce(jobs.selector, selections.selected) as selector_used,
        jobs.job_name,
        jobs.run_type,
        jobs.attempt_no
    from jobs
    left join planned on jobs.job_id = planned.job_id
    left join ephemeral on jobs.job_id = ephemeral.job_id
    left join selections on jobs.job_id = selections.job_id
    left join ran on jobs.job_id = ran.job_id

)

select * from final
