select
    row_id,
    account_id,
    plan_code,
    segment_code,
    currency_code,
    cast(balance_amount as decimal(18, 2)) as balance_amount,
    cast(balance_date as date) as balance_date
from {{ ref('raw_bcfinsg') }}
