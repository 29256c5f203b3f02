{{ config(unique_key=['account_id', 'process_date'], incremental_strategy='delete+insert') }}

select
    account_id,
    plan_code,
    segment_code,
    coalesce(currency_code, 'AUD') as currency_code,
    balance_amount,
    balance_date,
    cast('{{ var("run_stream_process_date") }}' as date) as process_date,
    cast(current_timestamp as timestamp) as load_timestamp,
    {{ exec_logger_streams.dcf_audit_columns(this.name) }}
from {{ ref('int_bcfinsg_validated') }}
where final_processing_status = 'READY_FOR_LOADING'
    and {{ exec_logger_streams.ready_for_loading() }}
