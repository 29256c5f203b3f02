-- Each fault costs points; without an account or a balance a row cannot be loaded at all.
with scored as (

    select
        *,
        100
        - case when account_id is null then 60 else 0 end
        - case when balance_amount is null then 60 else 0 end
        - case when segment_code not in ('RETAIL', 'SME', 'CORP') or segment_code is null then 20 else 0 end
        - case when currency_code is null then 10 else 0 end
        - case when balance_date > cast('{{ var("run_stream_process_date") }}' as date) then 15 else 0 end as raw_score
    from {{ ref('stg_bcfinsg') }}

),

final as (

    select
        row_id, account_id, plan_code, segment_code, currency_code, balance_amount, balance_date,
        greatest(raw_score, 0) as data_quality_score,
        case
            when account_id is null or balance_amount is null then 'REJECTED'
            else 'READY_FOR_LOADING'
        end as final_processing_status
    from scored

)

select * from final
