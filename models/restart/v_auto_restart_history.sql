{{ config(enabled=exec_logger.settings().models, materialized='view') }}
{%- set sql = exec_logger.view_sql %}

with jobs as (

    select * from {{ ref('execution_jobs') }}

),

-- once more for each use, as PostgreSQL reads what is named twice in full
chained_jobs as (

    select * from {{ ref('execution_jobs') }}

),

models_run as (

    select * from {{ ref('execution_nodes') }}
    where record_type = 'MODEL' and status <> 'SKIPPED'

),

nodes_done as (

    select * from {{ ref('execution_nodes') }}
    where status in ('SUCCESS', 'WARNING', 'REUSED')

),

nodes_run as (

    select * from {{ ref('execution_nodes') }}
    where status <> 'SKIPPED'

),

ran as (

    select
        job_id,
        count(*) as models_run,
        {{ sql('joined', 'node_name', ', ', 'node_name') }} as models_executed,
        {{ sql('joined', "case when status in ('FAILED', 'PARTIAL_SUCCESS') then node_name end", ', ', 'node_name') }} as failed_models
    from models_run
    group by job_id

),

-- a chain is a full build and the retries after it
numbered as (

    select
        chained_jobs.job_id,
        chained_jobs.run_type,
        chained_jobs.inserted_at,
        chained_jobs.log_sk,
        coalesce(chained_jobs.project_name, '') as project_key,
        coalesce(chained_jobs.target_name, '') as target_key,
        coalesce(chained_jobs.job_name, '') as job_key,
        sum(case when chained_jobs.attempt_no = 1 then 1 else 0 end) over (
            partition by coalesce(chained_jobs.project_name, ''), coalesce(chained_jobs.target_name, ''), coalesce(chained_jobs.job_name, '')
            order by chained_jobs.inserted_at, chained_jobs.log_sk
            rows between unbounded preceding and current row
        ) as chain_no
    from chained_jobs

),

placed as (

    select
        numbered.*,
        row_number() over (
            partition by project_key, target_key, job_key, chain_no order by inserted_at, log_sk
        ) as chain_position
    from numbered

),

done_before as (

    select
        retries.job_id,
        coalesce(nodes_done.unique_id, nodes_done.node_name) as node_key,
        nodes_done.duration_seconds,
        row_number() over (
            partition by retries.job_id, coalesce(nodes_done.unique_id, nodes_done.node_name) order by earlier.chain_position desc
        ) as age_rank
    from placed as retries
    inner join placed as earlier
        on retries.project_key = earlier.project_key
        and retries.target_key = earlier.target_key
        and retries.job_key = earlier.job_key
        and retries.chain_no = earlier.chain_no
        and retries.chain_position > earlier.chain_position
    inner join nodes_done on earlier.job_id = nodes_done.job_id
    where retries.run_type = 'SELECTIVE_RETRY'

),

run_again as (

    select
        placed.job_id,
        coalesce(nodes_run.unique_id, nodes_run.node_name) as node_key
    from placed
    inner join nodes_run on placed.job_id = nodes_run.job_id
    where placed.run_type = 'SELECTIVE_RETRY'

),

saved as (

    select
        done_before.job_id,
        sum(done_before.duration_seconds) as seconds_saved
    from done_before
    left join run_again on done_before.job_id = run_again.job_id and done_before.node_key = run_again.node_key
    where done_before.age_rank = 1 and run_again.job_id is null
    group by done_before.job_id

),

final as (

    select
        case jobs.run_type when 'SELECTIVE_RETRY' then '🔄 SELECTIVE RETRY' else '🔵 FULL BUILD' end as run_type,
        coalesce(ran.models_executed, '') as models_executed,
        coalesce(ran.failed_models, '') as failed_models,
        jobs.attempt_no - 1 as retry_sequence,
        jobs.status as run_status,
        jobs.started_at as run_started_at,
        coalesce(ran.models_run, 0) as models_run,
        case when jobs.run_type = 'SELECTIVE_RETRY' then coalesce(saved.seconds_saved, 0) end as seconds_saved,
        jobs.invocation_id as run_id,
        jobs.project_name,
        jobs.target_name as environment,
        jobs.job_name,
        jobs.ended_at as run_ended_at,
        jobs.duration_seconds as run_duration_seconds
    from jobs
    left join ran on jobs.job_id = ran.job_id
    left join saved on jobs.job_id = saved.job_id

)

select * from final
