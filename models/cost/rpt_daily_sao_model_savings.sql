{{ config(enabled=exec_logger.account_usage() is not none, materialized='view') }}

with node_costs as (

    select * from {{ ref('execution_node_costs') }}
    where record_type = 'MODEL' and (is_executed or status = 'REUSED')

),

daily as (

    select
        run_date,
        coalesce(project_name, '') as project_name,
        coalesce(target_name, '') as target_name,
        node_id,
        max(model_name) as model_name,
        count(case when status = 'REUSED' then 1 end) as reused_count,
        count(case when is_executed then 1 end) as executed_count,
        -- an execution whose queries are not known yet has no cost, rather than none
        count(case when is_executed then credits end) as costed_count,
        sum(case when is_executed then credits end) as execution_credits,
        sum(case when is_executed then cost_usd end) as execution_cost_usd,
        sum(credits) as credits_spent,
        sum(cost_usd) as cost_spent_usd
    from node_costs
    group by run_date, coalesce(project_name, ''), coalesce(target_name, ''), node_id

),

trailing as (

    select
        daily.run_date,
        daily.project_name,
        daily.target_name,
        daily.node_id,
        sum(earlier.execution_credits) / nullif(sum(earlier.costed_count), 0) as avg_credits_per_execution,
        sum(earlier.execution_cost_usd) / nullif(sum(earlier.costed_count), 0) as avg_cost_per_execution_usd
    from daily
    inner join daily as earlier
        on daily.project_name = earlier.project_name
        and daily.target_name = earlier.target_name
        and daily.node_id = earlier.node_id
        and earlier.run_date <= daily.run_date
        and earlier.run_date > dateadd('day', -{{ exec_logger.settings().savings_window_days }}, daily.run_date)
    group by daily.run_date, daily.project_name, daily.target_name, daily.node_id

),

final as (

    select
        to_varchar(daily.run_date, 'YYYY-MM-DD') || '/' || daily.project_name || '/' || daily.target_name || '/' || daily.node_id as daily_key,
        daily.run_date,
        daily.project_name,
        daily.target_name,
        daily.node_id,
        daily.model_name,
        daily.reused_count,
        daily.executed_count,
        100.0 * daily.reused_count / (daily.reused_count + daily.executed_count) as reuse_rate_percent,
        coalesce(daily.credits_spent, 0) as credits_spent,
        coalesce(daily.cost_spent_usd, 0) as cost_spent_usd,
        trailing.avg_credits_per_execution,
        trailing.avg_cost_per_execution_usd,
        case when daily.reused_count = 0 then 0 else daily.reused_count * trailing.avg_credits_per_execution end as estimated_credits_saved,
        case when daily.reused_count = 0 then 0 else daily.reused_count * trailing.avg_cost_per_execution_usd end as estimated_cost_saved_usd,
        case when daily.reused_count > 0 then trailing.avg_cost_per_execution_usd end as avg_cost_saved_per_reuse_usd
    from daily
    inner join trailing
        on daily.run_date = trailing.run_date
        and daily.project_name = trailing.project_name
        and daily.target_name = trailing.target_name
        and daily.node_id = trailing.node_id

)

select * from final
