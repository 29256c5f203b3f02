{{ config(
    enabled=exec_logger.account_usage() is not none,
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='usage_date',
    on_schema_change='append_new_columns'
) }}
{%- set settings = exec_logger.settings() %}
{%- set place = exec_logger.account_usage() or 'nowhere' %}
{%- set database = place.split('.')[0] %}
{%- set utc = "convert_timezone('UTC', %s)::timestamp_ntz" %}
{%- set rate_sheet = database ~ '.ORGANIZATION_USAGE.RATE_SHEET_DAILY' if settings.rate_sheet == 'auto' else settings.rate_sheet %}
{#- newer contracts name the service, older ones only its kind -#}
{%- set rates_sql -%}
select
        date as usage_date,
        max(effective_rate) as credit_price
    from {{ rate_sheet }}
    where account_locator = current_account()
        and upper(service_type) in ('WAREHOUSE_METERING', 'COMPUTE')
        and lower(usage_type) = 'compute'
        and currency = 'USD'
    group by date
{%- endset %}
{%- set readable, rates, since = true, false, none %}
{%- if execute %}
  {%- set readable = exec_logger.can_read(
    place, [place ~ '.query_history', place ~ '.warehouse_metering_history', place ~ '.metering_daily_history'],
    'Without it there are no costs. Let an ACCOUNTADMIN run `grant imported privileges on database ' ~ database) %}
  {%- set rates = readable and settings.rate_sheet and exec_logger.can_read(
    rate_sheet, ['(' ~ rates_sql ~ ')'], none if settings.rate_sheet == 'auto' else
    'Credits are at execlog_credit_price_usd. Let an ACCOUNTADMIN run `grant database role ' ~ database ~ '.ORGANIZATION_BILLING_VIEWER') %}
  {%- if is_incremental() %}
    {#- further back where a query began before these days: what is new in them changes its share, too -#}
    {%- set since = exec_logger.first_value(
      "with newest as (select dateadd('day', -" ~ settings.cost_lookback_days ~ ", max(usage_date)) as day_ from " ~ this ~ ")"
      ~ " select to_varchar(least(max(day_), coalesce(min(usage_date), max(day_))), 'YYYY-MM-DD')"
      ~ " from newest left join " ~ this ~ " as built on built.ended_at > newest.day_") %}
  {%- endif %}
{%- endif %}
{%- set since = "to_timestamp_ntz('" ~ (since or '1970-01-01') ~ " 00:00:00', 'YYYY-MM-DD HH24:MI:SS')" %}
{%- if not readable %}

select
    {%- for column in ['query_key', 'query_id', 'invocation_id', 'node_id', 'model_name', 'job_name', 'query_status', 'warehouse_name', 'warehouse_size'] %}
    cast(null as varchar) as {{ column }},
    {%- endfor %}
    cast(null as date) as usage_date,
    cast(null as timestamp_ntz) as started_at,
    cast(null as timestamp_ntz) as ended_at,
    {%- for column in ['compilation_seconds', 'queued_seconds', 'execution_seconds', 'bytes_scanned', 'bytes_spilled_local', 'bytes_spilled_remote', 'partitions_scanned', 'partitions_total', 'rows_produced', 'compute_credits', 'cloud_services_credits'] %}
    cast(null as double) as {{ column }},
    {%- endfor %}
    cast(null as double) as cost_usd
where 1 = 0
{%- else %}

with query_history as (

    select * from {{ place }}.query_history
    where {{ utc.replace('%s', 'coalesce(end_time, start_time)') }} >= {{ since }}

),

warehouse_metering_history as (

    select * from {{ place }}.warehouse_metering_history

),

metering_daily_history as (

    select * from {{ place }}.metering_daily_history

),

jobs as (

    select * from {{ ref('execution_jobs') }}

),

nodes as (

    select * from {{ ref('execution_nodes') }}

),

queries as (

    select
        query_id,
        -- dbt's own comment has no asterisk in it, and nothing but other comments comes after it
        case
            when query_text like '%exec_logger%'
                then try_parse_json(regexp_substr(
                    query_text, '/[*]([^*]*"exec_logger"[^*]*)[*]/(\\s|;|/[*]([^*]|[*]+[^*/])*[*]+/)*$', 1, 1, 'e', 1
                ))
        end as dbt_comment,
        execution_status as query_status,
        warehouse_name,
        warehouse_size,
        {{ utc.replace('%s', 'start_time') }} as started_at,
        {{ utc.replace('%s', 'end_time') }} as ended_at,
        cast({{ utc.replace('%s', 'start_time') }} as date) as usage_date,
        date_trunc('hour', {{ utc.replace('%s', 'start_time') }}) as started_hour,
        coalesce(compilation_time, 0) / 1000 as compilation_seconds,
        (coalesce(queued_provisioning_time, 0) + coalesce(queued_repair_time, 0) + coalesce(queued_overload_time, 0)) / 1000 as queued_seconds,
        coalesce(execution_time, 0) as execution_ms,
        coalesce(execution_time, 0) / 1000 as execution_seconds,
        bytes_scanned,
        bytes_spilled_to_local_storage as bytes_spilled_local,
        bytes_spilled_to_remote_storage as bytes_spilled_remote,
        partitions_scanned,
        partitions_total,
        rows_produced,
        coalesce(credits_used_cloud_services, 0) as cloud_services_used
    from query_history

),

-- a statement that was truncated has lost its comment, but the log may know its id
logged_queries as (

    select
        query_id,
        max(invocation_id) as invocation_id,
        max(unique_id) as node_id
    from nodes
    where query_id is not null
    group by query_id

),

comments as (

    select
        query_id,
        dbt_comment:invocation_id::varchar as invocation_id,
        dbt_comment:node_id::varchar as node_id,
        dbt_comment:job_name::varchar as job_name
    from queries
    where dbt_comment:app::varchar = 'exec_logger'

),

job_names as (

    select
        invocation_id,
        max(job_name) as job_name
    from jobs
    group by invocation_id

),

links as (

    select
        queries.query_id,
        coalesce(comments.invocation_id, logged_queries.invocation_id) as invocation_id,
        case when comments.invocation_id is null then logged_queries.node_id else comments.node_id end as node_id,
        coalesce(job_names.job_name, comments.job_name) as job_name
    from queries
    left join comments on queries.query_id = comments.query_id
    left join logged_queries on queries.query_id = logged_queries.query_id
    left join job_names on coalesce(comments.invocation_id, logged_queries.invocation_id) = job_names.invocation_id
    where coalesce(comments.invocation_id, logged_queries.invocation_id) is not null

),

-- when a warehouse worked for a query: at the end of its time, after it was compiled and queued
executions as (

    select
        query_id,
        warehouse_name,
        dateadd('millisecond', -execution_ms, ended_at) as executed_from,
        ended_at as executed_to
    from queries
    where warehouse_name is not null and warehouse_size is not null and ended_at is not null and execution_ms > 0

),

execution_hours as (

    select
        executions.query_id,
        executions.warehouse_name,
        dateadd('hour', hour_.value::integer, date_trunc('hour', executions.executed_from)) as hour_at,
        executions.executed_from,
        executions.executed_to
    from executions,
        lateral flatten(
            input => array_generate_range(0, datediff('hour', executions.executed_from, executions.executed_to) + 1)
        ) as hour_

),

worked as (

    select
        query_id,
        warehouse_name,
        hour_at,
        timestampdiff('microsecond', greatest(executed_from, hour_at), least(executed_to, dateadd('hour', 1, hour_at))) as microseconds
    from execution_hours

),

worked_in_all as (

    select
        warehouse_name,
        hour_at,
        sum(microseconds) as microseconds
    from worked
    group by warehouse_name, hour_at

),

metered as (

    select
        warehouse_name,
        date_trunc('hour', {{ utc.replace('%s', 'start_time') }}) as hour_at,
        sum(credits_used_compute) as credits
    from warehouse_metering_history
    where {{ utc.replace('%s', 'start_time') }} >= {{ since }}
    group by warehouse_name, date_trunc('hour', {{ utc.replace('%s', 'start_time') }})

),

shares as (

    select
        worked.query_id,
        worked.warehouse_name,
        worked.hour_at,
        metered.credits * worked.microseconds / nullif(worked_in_all.microseconds, 0) as compute_credits
    from worked
    inner join worked_in_all on worked.warehouse_name = worked_in_all.warehouse_name and worked.hour_at = worked_in_all.hour_at
    inner join metered on worked.warehouse_name = metered.warehouse_name and worked.hour_at = metered.hour_at
    where worked_in_all.microseconds > 0

),

compute as (

    select
        query_id,
        sum(compute_credits) as compute_credits
    from shares
    group by query_id

),

-- a tenth of the day's compute credits is taken off its cloud services; until Snowflake has done so, they count in full
cloud_services as (

    select
        cast(usage_date as date) as usage_date,
        sum(credits_used_cloud_services) as used,
        sum(credits_used_cloud_services + coalesce(credits_adjustment_cloud_services, 0)) as billed
    from metering_daily_history
    where service_type = 'WAREHOUSE_METERING' and cast(usage_date as date) >= cast({{ since }} as date)
    group by cast(usage_date as date)

),

priced_queries as (

    select
        queries.*,
        links.query_id is not null as is_of_dbt,
        links.invocation_id,
        links.node_id,
        links.job_name,
        coalesce(compute.compute_credits, 0) as compute_credits,
        queries.cloud_services_used
            * case when cloud_services.used > 0 then cloud_services.billed / cloud_services.used else 1 end as cloud_services_credits
    from queries
    left join links on queries.query_id = links.query_id
    left join compute on queries.query_id = compute.query_id
    left join cloud_services on queries.usage_date = cloud_services.usage_date
    where queries.started_at >= {{ since }}

),

of_dbt as (

    select
        priced_queries.query_id as query_key,
        priced_queries.usage_date,
        priced_queries.query_id,
        priced_queries.invocation_id,
        priced_queries.node_id,
        nullif(split_part(priced_queries.node_id, '.', 3), '') as model_name,
        priced_queries.job_name,
        priced_queries.query_status,
        priced_queries.warehouse_name,
        priced_queries.warehouse_size,
        priced_queries.started_at,
        priced_queries.ended_at,
        priced_queries.compilation_seconds,
        priced_queries.queued_seconds,
        priced_queries.execution_seconds,
        priced_queries.bytes_scanned,
        priced_queries.bytes_spilled_local,
        priced_queries.bytes_spilled_remote,
        priced_queries.partitions_scanned,
        priced_queries.partitions_total,
        priced_queries.rows_produced,
        priced_queries.compute_credits,
        priced_queries.cloud_services_credits
    from priced_queries
    where is_of_dbt

),

others as (

    select
        coalesce(shares.warehouse_name, '') as warehouse_name,
        shares.hour_at,
        0 as compilation_seconds,
        0 as queued_seconds,
        0 as execution_seconds,
        0 as bytes_scanned,
        0 as bytes_spilled_local,
        0 as bytes_spilled_remote,
        0 as partitions_scanned,
        0 as partitions_total,
        0 as rows_produced,
        shares.compute_credits,
        0 as cloud_services_credits
    from shares
    left join links on shares.query_id = links.query_id
    where links.query_id is null

    union all

    select
        coalesce(warehouse_name, '') as warehouse_name,
        started_hour as hour_at,
        compilation_seconds,
        queued_seconds,
        execution_seconds,
        bytes_scanned,
        bytes_spilled_local,
        bytes_spilled_remote,
        partitions_scanned,
        partitions_total,
        rows_produced,
        0 as compute_credits,
        cloud_services_credits
    from priced_queries
    where not is_of_dbt

),

of_others as (

    select
        'OTHER_QUERIES/' || warehouse_name || '/' || to_varchar(hour_at, 'YYYY-MM-DD HH24') as query_key,
        cast(hour_at as date) as usage_date,
        cast(null as varchar) as query_id,
        cast(null as varchar) as invocation_id,
        cast(null as varchar) as node_id,
        cast(null as varchar) as model_name,
        cast(null as varchar) as job_name,
        'OTHER_QUERIES' as query_status,
        nullif(warehouse_name, '') as warehouse_name,
        cast(null as varchar) as warehouse_size,
        hour_at as started_at,
        dateadd('hour', 1, hour_at) as ended_at,
        sum(compilation_seconds) as compilation_seconds,
        sum(queued_seconds) as queued_seconds,
        sum(execution_seconds) as execution_seconds,
        sum(bytes_scanned) as bytes_scanned,
        sum(bytes_spilled_local) as bytes_spilled_local,
        sum(bytes_spilled_remote) as bytes_spilled_remote,
        sum(partitions_scanned) as partitions_scanned,
        sum(partitions_total) as partitions_total,
        sum(rows_produced) as rows_produced,
        sum(compute_credits) as compute_credits,
        sum(cloud_services_credits) as cloud_services_credits
    from others
    group by warehouse_name, hour_at

),

remainders as (

    select
        'IDLE' as query_status,
        metered.warehouse_name,
        metered.hour_at as started_at,
        dateadd('hour', 1, metered.hour_at) as ended_at,
        metered.credits as compute_credits,
        0 as cloud_services_credits
    from metered
    left join worked_in_all on metered.warehouse_name = worked_in_all.warehouse_name and metered.hour_at = worked_in_all.hour_at
    where metered.credits <> 0 and coalesce(worked_in_all.microseconds, 0) = 0

    union all

    -- what no query used: of the day's cloud services
    select
        'OTHER_CLOUD_SERVICES' as query_status,
        cast(null as varchar) as warehouse_name,
        cast(cloud_services.usage_date as timestamp_ntz) as started_at,
        dateadd('day', 1, cast(cloud_services.usage_date as timestamp_ntz)) as ended_at,
        0 as compute_credits,
        max(cloud_services.billed) - coalesce(sum(priced_queries.cloud_services_credits), 0) as cloud_services_credits
    from cloud_services
    left join priced_queries on cloud_services.usage_date = priced_queries.usage_date
    group by cloud_services.usage_date
    having abs(max(cloud_services.billed) - coalesce(sum(priced_queries.cloud_services_credits), 0)) > 0.000000001

),

of_nobody as (

    select
        query_status || '/' || coalesce(warehouse_name, '') || '/' || to_varchar(started_at, 'YYYY-MM-DD HH24') as query_key,
        cast(started_at as date) as usage_date,
        cast(null as varchar) as query_id,
        cast(null as varchar) as invocation_id,
        cast(null as varchar) as node_id,
        cast(null as varchar) as model_name,
        cast(null as varchar) as job_name,
        query_status,
        warehouse_name,
        cast(null as varchar) as warehouse_size,
        started_at,
        ended_at,
        0 as compilation_seconds,
        0 as queued_seconds,
        0 as execution_seconds,
        0 as bytes_scanned,
        0 as bytes_spilled_local,
        0 as bytes_spilled_remote,
        0 as partitions_scanned,
        0 as partitions_total,
        0 as rows_produced,
        compute_credits,
        cloud_services_credits
    from remainders

),

attributed as (

    select * from of_dbt
    union all
    select * from of_others
    union all
    select * from of_nobody

),
{%- if rates %}

rates as (

    {{ rates_sql }}

),
{%- endif %}

final as (

    select
        {%- for column in ['query_key', 'query_id', 'invocation_id', 'node_id', 'model_name', 'job_name', 'query_status', 'warehouse_name', 'warehouse_size', 'usage_date', 'started_at', 'ended_at'] %}
        attributed.{{ column }},
        {%- endfor %}
        {%- for column in ['compilation_seconds', 'queued_seconds', 'execution_seconds', 'bytes_scanned', 'bytes_spilled_local', 'bytes_spilled_remote', 'partitions_scanned', 'partitions_total', 'rows_produced', 'compute_credits', 'cloud_services_credits'] %}
        cast(attributed.{{ column }} as double) as {{ column }},
        {%- endfor %}
        cast(
            (attributed.compute_credits + attributed.cloud_services_credits)
            * {{ 'coalesce(rates.credit_price, ' ~ settings.credit_price_usd ~ ')' if rates else settings.credit_price_usd }} as double
        ) as cost_usd
    from attributed
    {%- if rates %}
    left join rates on attributed.usage_date = rates.usage_date
    {%- endif %}

)

select * from final
{%- endif %}
