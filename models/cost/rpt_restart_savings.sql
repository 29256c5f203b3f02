{{ config(enabled=exec_logger.settings().models, materialized='view') }}

with recursive jobs as (

    select * from {{ ref('execution_jobs') }}

),

node_costs as (

    select * from {{ ref('execution_node_costs') }}

),

retries as (

    select * from jobs
    where run_type = 'SELECTIVE_RETRY'

),

-- a retry names the run that it takes up, and that one, if it was a retry, the one before
chains as (

    select
        retries.invocation_id as retry_id,
        jobs.invocation_id,
        jobs.restart_of,
        jobs.run_type,
        1 as distance
    from retries
    inner join jobs on retries.restart_of = jobs.job_id

    union all

    select
        chains.retry_id,
        jobs.invocation_id,
        jobs.restart_of,
        jobs.run_type,
        chains.distance + 1 as distance
    from chains
    inner join jobs on chains.restart_of = jobs.job_id
    where chains.run_type = 'SELECTIVE_RETRY' and chains.distance < 100

),

done_before as (

    select distinct
        chains.retry_id,
        node_costs.node_id
    from chains
    inner join node_costs on chains.invocation_id = node_costs.invocation_id
    where node_costs.status in ('SUCCESS', 'WARNING', 'REUSED')

),

not_run_again as (

    select
        done_before.retry_id,
        done_before.node_id,
        retries.project_name,
        retries.target_name,
        retries.started_at
    from done_before
    inner join retries on done_before.retry_id = retries.invocation_id
    left join node_costs on done_before.retry_id = node_costs.invocation_id and done_before.node_id = node_costs.node_id
    where node_costs.node_id is null

),

ranked as (

    select
        not_run_again.retry_id,
        not_run_again.node_id,
        node_costs.seconds,
        node_costs.credits,
        node_costs.cost_usd,
        row_number() over (
            partition by not_run_again.retry_id, not_run_again.node_id order by node_costs.started_at desc nulls last
        ) as age_rank
    from not_run_again
    left join node_costs
        on not_run_again.node_id = node_costs.node_id
        and coalesce(not_run_again.project_name, '') = coalesce(node_costs.project_name, '')
        and coalesce(not_run_again.target_name, '') = coalesce(node_costs.target_name, '')
        and node_costs.is_executed_well
        and node_costs.started_at <= not_run_again.started_at

),

saved as (

    select
        retry_id,
        count(*) as nodes_saved,
        sum(seconds) as seconds_saved,
        sum(credits) as credits_saved,
        sum(cost_usd) as cost_saved_usd
    from ranked
    where age_rank = 1
    group by retry_id

),

final as (

    select
        retries.invocation_id,
        retries.project_name,
        retries.target_name,
        retries.job_name,
        retries.restart_of,
        retries.attempt_no,
        retries.status,
        retries.started_at,
        coalesce(saved.nodes_saved, 0) as nodes_saved,
        coalesce(saved.seconds_saved, 0) as seconds_saved,
        saved.credits_saved,
        saved.cost_saved_usd
    from retries
    left join saved on retries.invocation_id = saved.retry_id

)

select * from final
