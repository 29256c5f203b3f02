{{ config(enabled=exec_logger.settings().models, materialized='view') }}
{%- set sql = exec_logger.view_sql %}

with jobs as (

    select * from {{ ref('execution_jobs') }}

),

nodes as (

    select * from {{ ref('execution_nodes') }}

),

ran as (

    select
        job_id,
        count(case when record_type = 'MODEL' and status <> 'SKIPPED' then 1 end) as models_run,
        {{ sql('joined', "case when record_type = 'MODEL' and status <> 'SKIPPED' then node_name end", ', ', 'node_name') }}
            as models_executed,
        {{ sql('joined', "case when record_type = 'MODEL' and status in ('FAILED', 'PARTIAL_SUCCESS') then node_name end", ', ', 'node_name') }}
            as failed_models,
        sum(case when status in ('SUCCESS', 'WARNING', 'REUSED') then duration_seconds end) as seconds_done
    from nodes
    group by job_id

),

-- a chain is a full build and the retries after it
chained as (

    select
        jobs.job_id,
        jobs.invocation_id,
        jobs.project_name,
        jobs.target_name,
        jobs.job_name,
        jobs.run_type,
        jobs.attempt_no,
        jobs.status,
        jobs.started_at,
        jobs.ended_at,
        jobs.duration_seconds,
        jobs.inserted_at,
        jobs.log_sk,
        coalesce(ran.models_executed, '') as models_executed,
        coalesce(ran.failed_models, '') as failed_models,
        coalesce(ran.models_run, 0) as models_run,
        coalesce(ran.seconds_done, 0) as seconds_done,
        sum(case when jobs.attempt_no = 1 then 1 else 0 end) over (
            partition by jobs.project_name, jobs.target_name, jobs.job_name
            order by jobs.inserted_at, jobs.log_sk
            rows between unbounded preceding and current row
        ) as chain_no
    from jobs
    left join ran on jobs.job_id = ran.job_id

),

with_savings as (

    select
        chained.*,
        sum(seconds_done) over (
            partition by project_name, target_name, job_name, chain_no
            order by inserted_at, log_sk
            rows between unbounded preceding and 1 preceding
        ) as seconds_done_before
    from chained

),

final as (

    select
        with_savings.invocation_id as run_id,
        with_savings.project_name,
        with_savings.target_name as environment,
        with_savings.job_name,
        case with_savings.run_type when 'SELECTIVE_RETRY' then '🔄 SELECTIVE RETRY' else '🔵 FULL BUILD' end as run_type,
        with_savings.models_executed,
        with_savings.failed_models,
        with_savings.attempt_no - 1 as retry_sequence,
        with_savings.status as run_status,
        with_savings.started_at as run_started_at,
        with_savings.ended_at as run_ended_at,
        with_savings.duration_seconds as run_duration_seconds,
        with_savings.models_run,
        case when with_savings.run_type = 'SELECTIVE_RETRY' then coalesce(with_savings.seconds_done_before, 0) end as seconds_saved
    from with_savings

)

select * from final
