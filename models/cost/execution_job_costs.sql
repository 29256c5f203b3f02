{{ config(enabled=exec_logger.settings().models, materialized='view') }}
{%- set has_credits = exec_logger.account_usage() is not none %}

with jobs as (

    select * from {{ ref('execution_jobs') }}

),

node_costs as (

    select * from {{ ref('execution_node_costs') }}

),
{%- if has_credits %}

queries as (

    select * from {{ ref('fct_model_queries') }}
    where invocation_id is not null

),
{%- endif %}

node_seconds as (

    select
        invocation_id,
        sum(seconds) as seconds
    from node_costs
    group by invocation_id

),

query_costs as (
{% if has_credits %}
    select
        invocation_id,
        max(job_name) as job_name,
        min(started_at) as started_at,
        sum(compute_credits + cloud_services_credits) as credits,
        sum(cost_usd) as cost_usd
    from queries
    group by invocation_id
{% else %}
    select
        invocation_id,
        job_name,
        started_at,
        cast(null as double precision) as credits,
        cast(null as double precision) as cost_usd
    from jobs
    where 1 = 0
{% endif %}
),

final as (

    select
        coalesce(jobs.invocation_id, query_costs.invocation_id) as invocation_id,
        jobs.project_name,
        jobs.target_name,
        coalesce(jobs.job_name, query_costs.job_name) as job_name,
        coalesce(jobs.status, 'UNKNOWN') as status,
        jobs.run_type,
        coalesce(jobs.started_at, query_costs.started_at) as started_at,
        coalesce(node_seconds.seconds, 0) as seconds,
        query_costs.credits,
        query_costs.cost_usd
    from jobs
    full outer join query_costs on jobs.invocation_id = query_costs.invocation_id
    left join node_seconds on coalesce(jobs.invocation_id, query_costs.invocation_id) = node_seconds.invocation_id

)

select * from final
