{{ config(enabled=exec_logger.settings().models, materialized='view') }}
{%- set sql = exec_logger.view_sql %}

with recursive nodes as (

    select * from {{ ref('execution_nodes') }}
    where unique_id is not null and ended_at is not null and inserted_at >= {{ sql('days_ago', '30') }}

),

lineage as (

    select * from {{ ref('execution_lineage') }}

),

ranked_nodes as (

    select
        nodes.*,
        row_number() over (partition by job_id order by ended_at desc, unique_id) as end_rank
    from nodes

),

ranked_sources as (

    select
        lineage.job_id,
        lineage.unique_id,
        nodes.unique_id as source_unique_id,
        row_number() over (
            partition by lineage.job_id, lineage.unique_id order by nodes.ended_at desc, nodes.unique_id
        ) as end_rank
    from lineage
    inner join nodes on lineage.job_id = nodes.job_id and lineage.source_unique_id = nodes.unique_id

),

last_sources as (

    select
        job_id,
        unique_id,
        source_unique_id
    from ranked_sources
    where end_rank = 1

),

-- from the node that ended last to the source that ended last, and so on
walked as (

    select
        job_id,
        unique_id,
        1 as steps_from_end
    from ranked_nodes
    where end_rank = 1

    union all

    select
        walked.job_id,
        last_sources.source_unique_id as unique_id,
        walked.steps_from_end + 1 as steps_from_end
    from walked
    inner join last_sources on walked.job_id = last_sources.job_id and walked.unique_id = last_sources.unique_id
    where walked.steps_from_end < 1000

),

placed as (

    select
        nodes.*,
        max(walked.steps_from_end) over (partition by walked.job_id) - walked.steps_from_end + 1 as path_position
    from walked
    inner join nodes on walked.job_id = nodes.job_id and walked.unique_id = nodes.unique_id

),

with_waits as (

    select
        placed.*,
        lag(ended_at) over (partition by job_id order by path_position) as source_ended_at
    from placed

),

final as (

    select
        job_id || '#' || cast(path_position as varchar) as path_id,
        job_id,
        path_position,
        unique_id,
        record_type,
        node_name,
        status,
        started_at,
        ended_at,
        duration_seconds,
        {{ sql('seconds', 'source_ended_at', 'started_at') }} as waited_seconds
    from with_waits

)

select * from final
