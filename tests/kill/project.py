"""A project of 30 nodes (and a unit test) whose tables show whether a node was lost, or ran twice: some models append."""

from __future__ import annotations

from tests.support.project import Level
from tests.support.warehouses import Warehouse

BUILT_BY = "tonight"
TABLES = {
    **{f"stage_{n}": "id, value" for n in (1, 2, 3, 4)},
    **{f"fact_{n}": "id, value" for n in (1, 2, 3, 4, 5, 6)},
    **{f"grow_{n}": "id, value, night" for n in (1, 2, 3, 4)},
    **{f"mart_{n}": "night, total" for n in (1, 2, 3, 4, 5)},
    "history": "id, value, dbt_valid_to",
}
"""What the run leaves behind, with the columns that do not depend on when it ran."""
SLOW = {
    "postgres": "cross join (select 1 as done from pg_sleep(0.15)) as slow",
    "duckdb": "join (select sum(hash(range)) > 0 as done from range(15000000)) as slow on slow.done",
    "snowflake": "",  # the stand-in's latency
}
LATENCY_MILLISECONDS = 15


def is_atomic(warehouse: Warehouse, level: Level) -> bool:
    """Whether a model and the row of its end are committed together, so that even an appending model runs exactly once."""
    return warehouse.name != "snowflake" and level in ("durable", "live")


def files(warehouse: Warehouse, level: Level) -> dict[str, str]:
    strategy = "strategy='append'" if is_atomic(warehouse, level) else "strategy='delete+insert', unique_key=['id', 'night']"
    if warehouse.name == "snowflake":
        strategy += ", tmp_relation_type='transient'"
    incremental = f"{{{{ config(materialized='incremental', incremental_{strategy}) }}}} "
    table = "{{ config(materialized='table') }} "
    found = {
        f"seeds/raw_{letter}.csv": "id,value\n" + "".join(f"{n},{n * factor}\n" for n in range(1, 6))
        for letter, factor in (("a", 10), ("b", 7))
    }
    for n in (1, 2, 3, 4):
        raw = "ab"[n % 2]
        found[f"models/stage_{n}.sql"] = (
            table if n > 2 else ""
        ) + f"select id, value * {n} as value from {{{{ ref('raw_{raw}') }}}}"
        found[f"models/grow_{n}.sql"] = f"{incremental} select id, value, '{BUILT_BY}' as night from {{{{ ref('fact_{n}') }}}}"
    for n in (1, 2, 3, 4, 5, 6):
        found[f"models/fact_{n}.sql"] = (
            f"{table} select a.id, a.value + b.value + {n} as value from {{{{ ref('stage_{n % 4 + 1}') }}}} as a"
            f" join {{{{ ref('stage_{(n + 1) % 4 + 1}') }}}} as b on a.id = b.id {SLOW[warehouse.name]}"
        )
    for n in (1, 2, 3, 4, 5):
        parent = f"grow_{n}" if n < 5 else "mart_1"
        value = "value" if n < 5 else "total"
        found[f"models/mart_{n}.sql"] = (
            table if n % 2 else ""
        ) + f"select night, sum({value}) as total from {{{{ ref('{parent}') }}}} group by night"
    found["snapshots/history.sql"] = SNAPSHOT
    found["models/schema.yml"] = SCHEMA
    found["tests/no_fact_is_negative.sql"] = "select id from {{ ref('fact_5') }} where value < 0"
    found["tests/history_is_whole.sql"] = "select id from {{ ref('history') }} where dbt_valid_to is not null"
    return found


def before_the_run(warehouse: Warehouse) -> list[str]:
    """The tables as they were yesterday: the incremental models exist."""
    text = "text" if warehouse.name == "postgres" else "varchar"
    schema = [f"create schema if not exists {warehouse.schema}"]
    return [
        *schema,
        *(f"create table {warehouse.schema}.grow_{n} (id integer, value integer, night {text})" for n in (1, 2, 3, 4)),
        *(f"insert into {warehouse.schema}.grow_{n} values (1, {n}, 'before'), (2, {n}, 'before')" for n in (1, 2, 3, 4)),
    ]


SNAPSHOT = """
{% snapshot history %}
{{ config(target_schema=target.schema, unique_key='id', strategy='check', check_cols=['value']) }}
select id, value from {{ ref('raw_a') }}
{% endsnapshot %}
"""

SCHEMA = """
models:
  - {name: stage_1, columns: [{name: id, data_tests: [not_null]}]}
  - {name: fact_1, columns: [{name: id, data_tests: [not_null, unique]}]}
  - {name: fact_3, columns: [{name: id, data_tests: [not_null]}]}
  - {name: grow_2, columns: [{name: id, data_tests: [not_null]}]}
  - {name: mart_1, columns: [{name: night, data_tests: [unique]}]}
unit_tests:
  - name: the_stage_multiplies
    model: stage_2
    given: [{input: ref('raw_a'), rows: [{id: 1, value: 3}]}]
    expect: {rows: [{id: 1, value: 6}]}
"""
