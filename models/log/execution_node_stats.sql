{{ config(enabled=exec_logger.settings().models, materialized='view') }}
{%- set sql = exec_logger.view_sql %}

with jobs as (

    select * from {{ ref('execution_jobs') }}

),

nodes as (

    select * from {{ ref('execution_nodes') }}

),

runs as (

    select
        coalesce(jobs.project_name, '') as project_name,
        coalesce(jobs.target_name, '') as target_name,
        coalesce(nodes.unique_id, nodes.node_name) as unique_id,
        nodes.record_type,
        nodes.node_name,
        nodes.duration_seconds,
        cast(nodes.row_count as double precision) as row_count,
        {{ sql('seconds', sql('days_ago', '30'), 'nodes.inserted_at') }} / 86400 as day_no,
        nodes.inserted_at,
        case when nodes.status in ('SUCCESS', 'WARNING', 'REUSED') then 1 else 0 end as is_ok,
        case when nodes.status in ('FAILED', 'PARTIAL_SUCCESS') then 1 else 0 end as is_failed,
        -- what is not versioned is taken to be the same code for a day
        coalesce(jobs.git_sha, cast(cast(nodes.inserted_at as date) as varchar)) as code_version
    from nodes
    inner join jobs on nodes.job_id = jobs.job_id
    where nodes.inserted_at >= {{ sql('days_ago', '30') }} and nodes.status not in ('SKIPPED', 'RUNNING')

),

versions as (

    select
        project_name,
        target_name,
        unique_id,
        code_version,
        count(*) as version_runs,
        max(is_ok) * max(is_failed) as is_flaky
    from runs
    group by project_name, target_name, unique_id, code_version

),

flakiness as (

    select
        project_name,
        target_name,
        unique_id,
        count(case when version_runs > 1 then 1 end) as repeated_versions,
        sum(is_flaky) as flaky_versions
    from versions
    group by project_name, target_name, unique_id

),

stats as (

    select
        project_name,
        target_name,
        unique_id,
        max(record_type) as record_type,
        max(node_name) as node_name,
        count(*) as runs,
        sum(is_failed) as failures,
        cast(sum(is_failed) as double precision) / count(*) as failure_rate,
        percentile_cont(0.5) within group (order by duration_seconds) as median_seconds,
        percentile_cont(0.95) within group (order by duration_seconds) as p95_seconds,
        sum(duration_seconds) as total_seconds,
        regr_slope(row_count, day_no) as rows_per_day,
        max(inserted_at) as last_run_at
    from runs
    group by project_name, target_name, unique_id

),

final as (

    select
        stats.project_name || '/' || stats.target_name || '/' || stats.unique_id as node_key,
        stats.project_name,
        stats.target_name,
        stats.unique_id,
        stats.record_type,
        stats.node_name,
        stats.runs,
        stats.failures,
        stats.failure_rate,
        stats.median_seconds,
        stats.p95_seconds,
        stats.total_seconds,
        stats.rows_per_day,
        flakiness.repeated_versions,
        flakiness.flaky_versions,
        flakiness.flaky_versions > 0 as is_flaky,
        stats.last_run_at
    from stats
    inner join flakiness
        on stats.project_name = flakiness.project_name
        and stats.target_name = flakiness.target_name
        and stats.unique_id = flakiness.unique_id

)

select * from final
