{{ config(enabled=exec_logger.account_usage() is not none, materialized='view') }}
{%- set days = exec_logger.settings().savings_summary_days %}

with savings as (

    select * from {{ ref('rpt_daily_sao_model_savings') }}
    where run_date > dateadd('day', -{{ days }}, cast(sysdate() as date))

),

final as (

    select
        project_name || '/' || target_name as summary_key,
        project_name,
        target_name,
        {{ days }} as summary_days,
        min(run_date) as first_date,
        max(run_date) as last_date,
        count(distinct case when reused_count > 0 then node_id end) as models_reused,
        sum(reused_count) as reused_count,
        sum(executed_count) as executed_count,
        100.0 * sum(reused_count) / sum(reused_count + executed_count) as reuse_rate_percent,
        sum(credits_spent) as credits_spent,
        sum(cost_spent_usd) as cost_spent_usd,
        sum(estimated_credits_saved) as estimated_credits_saved,
        sum(estimated_cost_saved_usd) as estimated_cost_saved_usd,
        sum(estimated_cost_saved_usd) / nullif(sum(reused_count), 0) as avg_cost_saved_per_reuse_usd
    from savings
    group by project_name, target_name

)

select * from final
