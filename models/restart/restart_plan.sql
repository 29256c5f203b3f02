{{ config(enabled=exec_logger.settings().models, materialized='view') }}
{%- if model.config.materialized in ['table', 'incremental'] %}
  {%- do exceptions.raise_compiler_error(
    'exec_logger: your project makes ' ~ model.config.materialized ~ 's of all models, and the views of the log would stand still. '
    ~ 'Put `exec_logger: {+materialized: view}` below `models:` in dbt_project.yml.') %}
{%- endif %}
{%- set sql = exec_logger.view_sql %}
{%- set settings = exec_logger.settings() %}
{%- set quoted = "'''' || replace(%s, '''', '''\"''\"''') || ''''" %}

with jobs as (

    select * from {{ ref('execution_jobs') }}

),

nodes as (

    select * from {{ ref('execution_nodes') }}

),

lineage as (

    select * from {{ ref('execution_lineage') }}

),

keyed_jobs as (

    select
        jobs.*,
        coalesce(project_name, '') as project_key,
        coalesce(target_name, '') as target_key,
        coalesce(job_name, '') as job_key
    from jobs

),

ranked_jobs as (

    select
        keyed_jobs.*,
        row_number() over (
            partition by project_key, target_key, job_key
            order by inserted_at desc nulls last, started_at desc nulls last, log_sk desc nulls last
        ) as age_rank
    from keyed_jobs

),

last_jobs as (

    select
        ranked_jobs.*,
        case when command in ('run', 'seed', 'snapshot', 'test') then command else 'build' end as command_,
        {{ sql('json_array', 'plan') }} as has_plan
    from ranked_jobs
    where age_rank = 1

),

-- all that follows is asked of jobs that did not succeed
open_jobs as (

    select * from last_jobs
    where status <> 'SUCCESS'

),

ranked_nodes as (

    select
        nodes.*,
        coalesce(nodes.unique_id, nodes.node_name) as node_key,
        row_number() over (
            partition by nodes.job_id, coalesce(nodes.unique_id, nodes.node_name)
            order by nodes.started_at desc nulls first, nodes.inserted_at desc, nodes.log_sk desc
        ) as age_rank
    from nodes
    inner join open_jobs on nodes.job_id = open_jobs.job_id

),

known as (

    select
        job_id,
        node_key,
        status in ('SUCCESS', 'WARNING', 'REUSED') as is_ok,
        status = 'FAILED' as is_failed
    from ranked_nodes
    where age_rank = 1

),

signs_of_life as (

    select
        job_id,
        max(updated_at) as updated_at
    from ranked_nodes
    group by job_id

),

never_run as (

    select distinct
        open_jobs.job_id,
        {{ sql('scalar', 'element_.value') }} as node_key
    from open_jobs{{ sql('elements', 'open_jobs.ephemeral') }}

),

plan_entries as (

    select distinct
        open_jobs.job_id,
        {{ sql('scalar', 'element_.value') }} as node_key
    from open_jobs{{ sql('elements', 'open_jobs.plan') }}

),

planned as (

    select
        plan_entries.job_id,
        plan_entries.node_key
    from plan_entries
    left join never_run on plan_entries.job_id = never_run.job_id and plan_entries.node_key = never_run.node_key
    where never_run.node_key is null
        and split_part(plan_entries.node_key, '.', 1) in ('model', 'seed', 'snapshot', 'test', 'unit_test', 'function')

),

remaining as (

    select
        planned.job_id,
        planned.node_key
    from planned
    left join known on planned.job_id = known.job_id and planned.node_key = known.node_key
    where not coalesce(known.is_ok, false)

    union all

    -- what dbt keeps out of its plan (unit tests), and all that is known where there is no plan
    select
        known.job_id,
        known.node_key
    from known
    left join planned on known.job_id = planned.job_id and known.node_key = planned.node_key
    left join never_run on known.job_id = never_run.job_id and known.node_key = never_run.node_key
    where not known.is_ok and planned.node_key is null and never_run.node_key is null

),

-- a test that failed says that its model is wrong; one that was skipped or never ran says nothing
tested as (

    select
        remaining.job_id,
        lineage.source_unique_id as node_key
    from remaining
    inner join open_jobs on remaining.job_id = open_jobs.job_id
    inner join known on remaining.job_id = known.job_id and remaining.node_key = known.node_key and known.is_failed
    inner join lineage
        on remaining.job_id = lineage.job_id and remaining.node_key = lineage.unique_id and lineage.record_type = 'TEST'
    left join planned on lineage.job_id = planned.job_id and lineage.source_unique_id = planned.node_key
    where (planned.node_key is not null or not open_jobs.has_plan)

),

chosen as (

    select job_id, node_key from remaining
    union
    select job_id, node_key from tested

),

-- rows of the first format know a model by its name alone
named as (

    select
        chosen.job_id,
        chosen.node_key,
        open_jobs.has_plan,
        case when chosen.node_key like '%.%' then split_part(chosen.node_key, '.', 1) else 'model' end as resource_type,
        split_part(chosen.node_key, '.', 2) as package_name,
        open_jobs.command_
    from chosen
    inner join open_jobs on chosen.job_id = open_jobs.job_id

),

runnable as (

    select
        named.*,
        case
            when package_name = '' then node_key
            when resource_type = 'test'
                then {{ sql('replaced', 'substr(node_key, length(resource_type) + length(package_name) + 3)', '[.][0-9a-f]{10}$', '') }}
            else substr(node_key, length(resource_type) + length(package_name) + 3)
        end as fqn_end
    from named
    where resource_type = command_
        or (command_ = 'run' and resource_type = 'model')
        or (command_ = 'test' and resource_type = 'unit_test')
        or (command_ = 'build' and resource_type in ('model', 'seed', 'snapshot', 'test', 'unit_test', 'function'))

),

patterns as (

    select
        runnable.*,
        {{ sql('replaced', 'fqn_end', '[^0-9A-Za-z_.-]', '[!0-9A-Za-z_]') }} as pattern
    from runnable

),

-- with a wildcard in it dbt compares the whole rest of the fqn, so that nothing beneath matches
selectors as (

    select
        job_id,
        node_key,
        case
            when has_plan and package_name <> ''
                then 'resource_type:' || resource_type || ',package:' || package_name || ',fqn:*.'
                    || case
                        when right(pattern, 1) = ']' then pattern
                        else left(pattern, length(pattern) - 1) || '[' || right(pattern, 1) || ']'
                    end
            when pattern = fqn_end and fqn_end not like '%.%' then fqn_end || '+'
            else 'fqn:*.'
                || case
                    when right(pattern, 1) = ']' then pattern
                    else left(pattern, length(pattern) - 1) || '[' || right(pattern, 1) || ']'
                end || '+'
        end as selector
    from patterns

),

selections as (

    select
        job_id,
        {{ sql('joined', 'selector', ' ', 'node_key') }} as selector
    from selectors
    group by job_id

),

lists as (

    select
        job_id,
        count(*) as remaining_count,
        {{ sql('array', 'node_key', 'node_key') }} as remaining_nodes
    from remaining
    group by job_id

),

plan_sizes as (

    select
        job_id,
        count(*) as planned_count
    from planned
    group by job_id

),

given_options as (

    select
        last_jobs.job_id,
        {{ sql('joined', "'--' || replace(member_.key, '_', '-') || case when " ~ sql('scalar', 'member_.value')
            ~ " = 'true' then '' else ' ' || " ~ quoted.replace('%s', sql('scalar', 'member_.value')) ~ ' end', ' ', 'member_.key') }} as options
    from last_jobs{{ sql('members', 'last_jobs.args') }}
    group by last_jobs.job_id

),

seen as (

    select
        last_jobs.*,
        case
            when last_jobs.status <> 'RUNNING' and last_jobs.ended_at is not null then last_jobs.ended_at
            else coalesce(
                case
                    when signs_of_life.updated_at > coalesce(last_jobs.updated_at, signs_of_life.updated_at) then signs_of_life.updated_at
                    else last_jobs.updated_at
                end,
                signs_of_life.updated_at,
                last_jobs.started_at
            )
        end as seen_at,
        plan_sizes.planned_count,
        coalesce(lists.remaining_count, 0) as remaining_count,
        lists.remaining_nodes,
        selections.selector as retry_selector,
        given_options.options
    from last_jobs
    left join signs_of_life on last_jobs.job_id = signs_of_life.job_id
    left join plan_sizes on last_jobs.job_id = plan_sizes.job_id
    left join lists on last_jobs.job_id = lists.job_id
    left join selections on last_jobs.job_id = selections.job_id
    left join given_options on last_jobs.job_id = given_options.job_id

),

judged as (

    select
        seen.*,
        status as last_status,
        {{ sql('seconds', 'seen_at', sql('now')) }} as last_age_seconds,
        attempt_no - 1 as retries_made
    from seen

),

living as (

    select
        judged.*,
        status = 'RUNNING' and coalesce(last_age_seconds < {{ settings.stale_after_minutes }} * 60, false) as last_is_alive,
        coalesce(last_age_seconds > {{ settings.max_retry_age_hours }} * 3600, true) as is_too_old
    from judged

),

decided as (

    select
        living.*,
        {{ exec_logger.restart_decision(settings.max_retry_age_hours, settings.max_retries) }} as decision,
        case when status = 'RUNNING' then 'the last run died' else 'the last run failed' end as what_happened
    from living

),

commanded as (

    select
        decided.*,
        command_
            || coalesce(' ' || options, '')
            || case when is_full_refresh then ' --full-refresh' else '' end
            || case
                when {{ sql('json_text', 'vars') }} <> '{}' then ' --vars ' || {{ quoted.replace('%s', sql('json_text', 'vars')) }}
                else ''
            end
            || coalesce(' --target ' || nullif(target_key, ''), '')
            || coalesce(' --threads ' || cast(threads as varchar), '')
            || ' --indirect-selection empty --select ' || {{ quoted.replace('%s', 'retry_selector') }} as command_line
    from decided

),

final as (

    select
        project_key || '/' || target_key || '/' || job_key as restart_key,
        project_key as project_name,
        target_key as target_name,
        job_key as job_name,
        decision,
        case
            when status = 'SUCCESS' then 'the last run succeeded'
            when last_is_alive then 'the last run ' || job_id || ' is still running'
            when is_too_old
                then what_happened || ' more than {{ settings.max_retry_age_hours }} h ago'
            when retries_made >= {{ settings.max_retries }}
                then what_happened || ' and it was retry ' || cast(retries_made as varchar) || ' of {{ settings.max_retries }}'
            when remaining_count = 0 then what_happened || ' but nothing of its plan remains'
            when has_plan
                then what_happened || ' and ' || cast(remaining_count as varchar) || ' of ' || cast(coalesce(planned_count, 0) as varchar)
                    || ' planned nodes remain'
            else what_happened || ' and ' || cast(remaining_count as varchar) || ' failed nodes remain'
        end as reason,
        case decision when 'SELECTIVE_RETRY' then attempt_no + 1 when 'BUSY' then attempt_no else 1 end as next_attempt_no,
        case when remaining_count > 0 then retry_selector end as selector,
        case when remaining_count > 0 and coalesce({{ sql('json_text', 'vars_hidden') }}, '[]') = '[]' then command_line end as command_line,
        command_ as command,
        job_id as last_job_id,
        last_status,
        run_type as last_run_type,
        started_at as last_started_at,
        seen_at as last_seen_at,
        last_age_seconds,
        last_is_alive,
        retries_made,
        {{ settings.max_retries }} as max_retries,
        {{ settings.max_retry_age_hours }} as max_retry_age_hours,
        has_plan,
        coalesce(planned_count, 0) as planned_count,
        remaining_count,
        remaining_nodes,
        is_full_refresh,
        vars,
        vars_hidden,
        threads
    from commanded

)

select * from final
