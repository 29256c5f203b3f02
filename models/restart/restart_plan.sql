{{ config(enabled=exec_logger.settings().models, materialized='view') }}
{%- if execute and model.config.materialized not in ['view', 'unit'] %}
  {%- do exceptions.raise_compiler_error(
    'restart_plan has to be a view: a table would not see the last run. Your project makes every model a '
    ~ model.config.materialized ~ '; set `models: exec_logger: +materialized: view` in dbt_project.yml.') %}
{%- endif %}
{%- set sql = exec_logger.view_sql %}
{%- set settings = exec_logger.settings() %}
{#- dbt 1.10 first reads a unit test's model without any macros: what they return is undefined, which replace() refuses -#}
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
        open_jobs.has_plan,
        open_jobs.command_,
        coalesce(nodes.unique_id, nodes.node_name) as node_key,
        row_number() over (
            partition by nodes.job_id, coalesce(nodes.unique_id, nodes.node_name)
            order by nodes.started_at desc nulls first, nodes.inserted_at desc, nodes.log_sk desc
        ) as age_rank
    from nodes
    inner join open_jobs on nodes.job_id = open_jobs.job_id

),

signs_of_life as{{ sql('kept') }} (

    select
        job_id,
        max(updated_at) as updated_at,
        count(*) as node_count
    from ranked_nodes
    group by job_id

),

-- what is said of a node: grouped, not joined, as plans may be long
said as (

    select
        open_jobs.job_id,
        open_jobs.has_plan,
        open_jobs.command_,
        {{ sql('scalar', 'element_.value') }} as node_key,
        1 as in_plan,
        0 as in_ephemeral,
        0 as is_known,
        0 as is_ok,
        0 as is_failed
    from open_jobs{{ sql('elements', 'open_jobs.plan') }}

    union all

    select
        open_jobs.job_id,
        open_jobs.has_plan,
        open_jobs.command_,
        {{ sql('scalar', 'element_.value') }} as node_key,
        0 as in_plan,
        1 as in_ephemeral,
        0 as is_known,
        0 as is_ok,
        0 as is_failed
    from open_jobs{{ sql('elements', 'open_jobs.ephemeral') }}

    union all

    select
        job_id,
        has_plan,
        command_,
        node_key,
        0 as in_plan,
        0 as in_ephemeral,
        1 as is_known,
        case when status in ('SUCCESS', 'WARNING', 'REUSED') then 1 else 0 end as is_ok,
        case when status in ('FAILED', 'PARTIAL_SUCCESS') then 1 else 0 end as is_failed
    from ranked_nodes
    where age_rank = 1

),

-- rows of the first format know a model by its name alone
known as{{ sql('kept') }} (

    select
        job_id,
        has_plan,
        command_,
        node_key,
        case when node_key like '%.%' then split_part(node_key, '.', 1) else 'model' end as resource_type,
        split_part(node_key, '.', 2) as package_name,
        max(in_plan) = 1
            and split_part(node_key, '.', 1) in ('model', 'seed', 'snapshot', 'test', 'unit_test', 'function') as is_planned,
        max(is_known) = 1 as is_known,
        max(is_ok) = 1 as is_ok,
        max(is_failed) = 1 as is_failed
    from said
    group by job_id, has_plan, command_, node_key
    having max(in_ephemeral) = 0

),

-- the plan without what ended well; and what did not end well that dbt keeps out of its plan (unit tests), or that has no plan
remaining as (

    select * from known
    where not is_ok and (is_planned or is_known)

),

-- a test that failed says that its models are wrong; one that was skipped or never ran says nothing
tests_and_models as (

    select
        job_id,
        node_key as test_key,
        cast(null as varchar) as node_key,
        1 as is_remaining
    from remaining
    where resource_type = 'test' and is_failed and command_ = 'build'

    union all

    select
        lineage.job_id,
        lineage.unique_id as test_key,
        lineage.source_unique_id as node_key,
        0 as is_remaining
    from lineage
    inner join open_jobs on lineage.job_id = open_jobs.job_id
    where lineage.record_type = 'TEST'

),

models_of_tests as (

    select
        job_id,
        node_key,
        max(is_remaining) over (partition by job_id, test_key) as is_tested
    from tests_and_models

),

candidates as (

    select
        job_id,
        node_key,
        has_plan,
        command_,
        resource_type,
        package_name,
        case when is_planned then 1 else 0 end as is_planned,
        case when not is_ok and (is_planned or is_known) then 1 else 0 end as is_remaining,
        0 as is_tested
    from known

    union all

    select
        models_of_tests.job_id,
        models_of_tests.node_key,
        open_jobs.has_plan,
        open_jobs.command_,
        split_part(models_of_tests.node_key, '.', 1) as resource_type,
        split_part(models_of_tests.node_key, '.', 2) as package_name,
        0 as is_planned,
        0 as is_remaining,
        1 as is_tested
    from models_of_tests
    inner join open_jobs on models_of_tests.job_id = open_jobs.job_id
    where models_of_tests.is_tested = 1 and models_of_tests.node_key is not null

),

chosen as (

    select
        job_id,
        node_key,
        has_plan,
        command_,
        resource_type,
        package_name,
        -- the models of a failed test are all that it needs
        case when max(is_remaining) = 1 then '+' else '' end as descendants
    from candidates
    group by job_id, node_key, has_plan, command_, resource_type, package_name
    having max(is_remaining) = 1 or (max(is_tested) = 1 and (max(is_planned) = 1 or not has_plan))

),

runnable as (

    select
        chosen.*,
        case
            when package_name = '' then node_key
            when resource_type = 'test'
                then {{ sql('replaced', 'substr(node_key, length(resource_type) + length(package_name) + 3)', '[.][0-9a-f]{10}$', '') }}
            else substr(node_key, length(resource_type) + length(package_name) + 3)
        end as fqn_end
    from chosen
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
            when pattern = fqn_end and fqn_end not like '%.%' then fqn_end || descendants
            else 'fqn:*.'
                || case
                    when right(pattern, 1) = ']' then pattern
                    else left(pattern, length(pattern) - 1) || '[' || right(pattern, 1) || ']'
                end || descendants
        end as selector
    from patterns

),

selections as{{ sql('kept') }} (

    select
        job_id,
        {{ sql('joined', 'selector', ' ', 'node_key') }} as selector
    from selectors
    group by job_id

),

lists as{{ sql('kept') }} (

    select
        job_id,
        count(*) as remaining_count,
        {{ sql('array', 'node_key', 'node_key') }} as remaining_nodes
    from remaining
    group by job_id

),

plan_sizes as{{ sql('kept') }} (

    select
        job_id,
        sum(case when is_planned then 1 else 0 end) as planned_count,
        count(*) as total_count
    from known
    where is_planned or (not is_ok and is_known)
    group by job_id

),

given_options as{{ sql('kept') }} (

    select
        last_jobs.job_id,
        {{ sql('joined', "'--' || replace(member_.key, '_', '-') || case when " ~ sql('scalar', 'member_.value')
            ~ " = 'true' then '' else ' ' || " ~ quoted.replace('%s', sql('scalar', 'member_.value') | string) ~ ' end', ' ', 'member_.key') }} as options
    from last_jobs{{ sql('members', 'last_jobs.args') }}
    where member_.key not in ('resource_types', 'exclude_resource_types')
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
        plan_sizes.total_count,
        -- without a plan, a run that died, or that saw less than it set out to do, leaves things undone that nobody knows
        last_jobs.has_plan or not (
            last_jobs.status = 'RUNNING'
            or coalesce(last_jobs.reason, '') like '%closed by execlog%'
            or coalesce(signs_of_life.node_count, 0) < coalesce(last_jobs.nodes_total, 0)
        ) as last_plan_is_known,
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
                when {{ sql('json_text', 'vars') }} <> '{}' then ' --vars ' || {{ quoted.replace('%s', sql('json_text', 'vars') | string) }}
                else ''
            end
            || coalesce(' --target ' || {{ quoted.replace('%s', "nullif(target_key, '')") }}, '')
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
            when not last_plan_is_known then what_happened || ' and the log does not know all that it was to run'
            when remaining_count = 0 then what_happened || ' but nothing of its plan remains'
            when has_plan
                then what_happened || ' and ' || cast(remaining_count as varchar) || ' of ' || cast(coalesce(total_count, 0) as varchar)
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
        last_plan_is_known,
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
