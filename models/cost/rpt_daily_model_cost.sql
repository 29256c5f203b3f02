{{ config(enabled=exec_logger.settings().models, materialized='view') }}

with node_costs as (

    select * from {{ ref('execution_node_costs') }}
    where is_executed

),

final as (

    select
        cast(run_date as varchar) || '/' || coalesce(project_name, '') || '/' || coalesce(target_name, '') || '/' || node_id as daily_key,
        run_date,
        project_name,
        target_name,
        node_id,
        max(model_name) as model_name,
        count(*) as runs,
        sum(seconds) as seconds,
        sum(credits) as credits,
        sum(cost_usd) as cost_usd
    from node_costs
    group by run_date, project_name, target_name, node_id

)

select * from final
