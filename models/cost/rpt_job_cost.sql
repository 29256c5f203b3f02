{{ config(enabled=exec_logger.settings().models, materialized='view') }}

with job_costs as (

    select * from {{ ref('execution_job_costs') }}

),

summed as (

    select
        project_name,
        target_name,
        job_name,
        count(*) as runs,
        count(case when status = 'FAILED' then 1 end) as failed_runs,
        sum(seconds) as seconds,
        sum(credits) as credits,
        sum(cost_usd) as cost_usd,
        sum(case when status = 'FAILED' then seconds else 0 end) as wasted_seconds,
        case when sum(credits) is not null then sum(case when status = 'FAILED' then coalesce(credits, 0) else 0 end) end as wasted_credits,
        case when sum(cost_usd) is not null then sum(case when status = 'FAILED' then coalesce(cost_usd, 0) else 0 end) end as wasted_cost_usd
    from job_costs
    group by project_name, target_name, job_name

),

final as (

    select
        coalesce(project_name, '') || '/' || coalesce(target_name, '') || '/' || coalesce(job_name, '') as job_key,
        summed.*,
        case
            when credits is not null then 100 * wasted_credits / nullif(credits, 0)
            else 100 * wasted_seconds / nullif(seconds, 0)
        end as wasted_percent
    from summed

)

select * from final
