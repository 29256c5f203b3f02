{{ config(enabled=exec_logger.settings().models, materialized='view') }}
{%- set has_credits = exec_logger.account_usage() is not none %}

with jobs as (

    select * from {{ ref('execution_jobs') }}

),

nodes as (

    select * from {{ ref('execution_nodes') }}

),
{%- if has_credits %}

queries as (

    select * from {{ ref('fct_model_queries') }}
    where invocation_id is not null and node_id is not null and node_id not like 'operation.%'

),
{%- endif %}

node_runs as (

    select
        nodes.invocation_id,
        coalesce(nodes.unique_id, nodes.node_name) as node_id,
        max(nodes.record_type) as record_type,
        max(nodes.node_name) as model_name,
        max(nodes.status) as status,
        min(nodes.started_at) as started_at,
        min(nodes.inserted_at) as inserted_at,
        cast(max(nodes.duration_seconds) as double precision) as seconds
    from nodes
    group by nodes.invocation_id, coalesce(nodes.unique_id, nodes.node_name)

),

query_costs as (
{% if has_credits %}
    select
        invocation_id,
        node_id,
        max(model_name) as model_name,
        max(job_name) as job_name,
        min(started_at) as started_at,
        count(*) as queries,
        sum(compute_credits + cloud_services_credits) as credits,
        sum(cost_usd) as cost_usd
    from queries
    group by invocation_id, node_id
{% else %}
    select
        invocation_id,
        node_id,
        cast(null as varchar) as model_name,
        cast(null as varchar) as job_name,
        started_at,
        0 as queries,
        cast(null as double precision) as credits,
        cast(null as double precision) as cost_usd
    from node_runs
    where 1 = 0
{% endif %}
),

-- of a run that was killed there may be queries alone
costs as (

    select
        coalesce(node_runs.invocation_id, query_costs.invocation_id) as invocation_id,
        coalesce(node_runs.node_id, query_costs.node_id) as node_id,
        coalesce(node_runs.record_type, upper(split_part(query_costs.node_id, '.', 1))) as record_type,
        coalesce(node_runs.model_name, query_costs.model_name) as model_name,
        coalesce(node_runs.status, 'UNKNOWN') as status,
        coalesce(node_runs.started_at, query_costs.started_at, node_runs.inserted_at) as started_at,
        node_runs.seconds,
        coalesce(query_costs.queries, 0) as queries,
        query_costs.credits,
        query_costs.cost_usd,
        query_costs.job_name
    from node_runs
    full outer join query_costs on node_runs.invocation_id = query_costs.invocation_id and node_runs.node_id = query_costs.node_id

),

final as (

    select
        costs.invocation_id || '/' || costs.node_id as node_cost_key,
        jobs.project_name,
        jobs.target_name,
        coalesce(jobs.job_name, costs.job_name) as job_name,
        costs.invocation_id,
        costs.node_id,
        costs.record_type,
        costs.model_name,
        costs.status,
        costs.status in ('SUCCESS', 'WARNING', 'FAILED', 'PARTIAL_SUCCESS')
            or (costs.status in ('RUNNING', 'UNKNOWN') and costs.queries > 0) as is_executed,
        costs.status in ('SUCCESS', 'WARNING') as is_executed_well,
        cast(costs.started_at as date) as run_date,
        costs.started_at,
        costs.seconds,
        costs.queries,
        costs.credits,
        costs.cost_usd
    from costs
    left join jobs on costs.invocation_id = jobs.invocation_id

)

select * from final
