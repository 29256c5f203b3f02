"""A project with one of everything that dbt can run, small enough to run often."""

from __future__ import annotations

from tests.support.warehouses import Warehouse


def zoo(warehouse: Warehouse) -> dict[str, str]:
    """Files of a project named shop, with a package `cousin` that has a model of a name that shop has too."""
    files = {
        "seeds/raw.csv": 'id,word\n1,one\n2,two\n3,"it\'s"\n',
        "models/a_view.sql": "select id, word from {{ ref('raw') }}",
        "models/a_table.sql": "{{ config(materialized='table') }} select id, word from {{ ref('a_view') }}",
        "models/an_empty_table.sql": "{{ config(materialized='table') }} select id from {{ ref('a_view') }} where id > 100",
        "models/hidden.sql": "{{ config(materialized='ephemeral') }} select id from {{ ref('a_table') }}",
        "models/growing.sql": GROWING,
        "models/from_source.sql": "select id from {{ source('outside', 'raw_copy') }} -- after {{ ref('raw') }}",
        "models/renamed.sql": "{{ config(alias='Other Name' if target.type != 'snowflake' else 'other_name', schema='side') }}"
        " select id from {{ ref('hidden') }}",
        "models/dim_v1.sql": "select 1 as id",
        "models/dim_v2.sql": "{{ config(materialized='table') }} select 1 as id, 2 as two",
        "models/off.sql": "{{ config(enabled=false) }} select 1 as id",
        "models/homemade.sql": "{{ config(materialized='homemade') }} select 1 as id",
        "models/batches.sql": BATCHES,
        "models/events.sql": EVENTS,
        "macros/homemade.sql": HOMEMADE,
        "models/schema.yml": SCHEMA,
        "snapshots/history.sql": SNAPSHOT,
        "tests/singular_warns.sql": "{{ config(severity='warn') }} select id from {{ ref('a_table') }} where id = 1",
        "tests/singular_passes.sql": "select id from {{ ref('a_table') }} where id < 0",
        "cousin/dbt_project.yml": "name: cousin\nprofile: test\n",
        "cousin/models/a_view.sql": "{{ config(schema='cousin') }} select 1 as id",
        "models/exposures.yml": EXPOSURES,
    }
    if warehouse.name == "postgres":
        files["models/matview.sql"] = "{{ config(materialized='materialized_view') }} select id from {{ ref('a_table') }}"
    if warehouse.name == "duckdb":
        files["models/pythonic.py"] = PYTHON
    return files


BUILD = ["build", "--event-time-start", "2024-01-01", "--event-time-end", "2024-01-03"]
"""The command that runs all of it (the microbatch model would run a batch for every day until now)."""

GROWING = """
{{ config(materialized='incremental', incremental_strategy='append') }}
select id, word from {{ ref('a_table') }}
{% if is_incremental() %} where id > 1 {% endif %}
"""

EVENTS = """
{{ config(materialized='table', event_time='occurred_at') }}
select 1 as id, cast('2024-01-01 10:00:00' as timestamp) as occurred_at
union all select 2, cast('2024-01-02 10:00:00' as timestamp)
"""

BATCHES = """
{{ config(materialized='incremental', incremental_strategy='microbatch', event_time='occurred_at', begin='2024-01-01',
  batch_size='day',
  unique_key=none if target.type == 'duckdb' else 'id', concurrent_batches=false) }}
select id, occurred_at from {{ ref('events') }}
"""

HOMEMADE = """
{% materialization homemade, default %}
  {% set relation = this.incorporate(type='view') %}
  {{ run_hooks(pre_hooks) }}
  {% call statement('main') %}create or replace view {{ relation }} as {{ sql }}{% endcall %}
  {{ run_hooks(post_hooks) }}
  {% do adapter.commit() %}
  {{ return({'relations': [relation]}) }}
{% endmaterialization %}
"""

SNAPSHOT = """
{% snapshot history %}
{{ config(target_schema=target.schema, unique_key='id', strategy='check', check_cols=['word']) }}
select id, word from {{ ref('raw') }}
{% endsnapshot %}
"""

PYTHON = """
def model(dbt, session):
    dbt.config(materialized="table")
    return dbt.ref("a_table").project("id")
"""

EXPOSURES = """
exposures:
  - {name: a_dashboard, type: dashboard, owner: {name: us}, depends_on: [ref('a_table')]}
"""

SCHEMA = """
models:
  - name: a_table
    columns:
      - name: id
        data_tests: [unique, not_null]
  - name: dim
    latest_version: 2
    versions: [{v: 1}, {v: 2}]
unit_tests:
  - name: reads_the_seed
    model: a_view
    given: [{input: ref('raw'), rows: [{id: 7, word: seven}]}]
    expect: {rows: [{id: 7, word: seven}]}
sources:
  - name: outside
    schema: "{{ target.schema }}"
    tables: [{name: raw_copy, identifier: raw}]
"""
