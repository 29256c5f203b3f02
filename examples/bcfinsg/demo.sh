#!/bin/sh
# The stream on DuckDB, from its creation to a gate that holds. $1: the folder of dbt and execlog.
set -eu
PATH="$1:$PATH"
export DBT_PROFILES_DIR="$PWD" PYTHONWARNINGS=ignore
NAME=BCFINSG_PLAN_BALN_SEGM_LOAD

say() {
    printf '\n$ %s\n' "$*"
    "$@"
}

say dbt --quiet deps
say dbt --quiet seed
say execlog install
say execlog stream create "$NAME" --id 1490 --description 'Plan balances by segment'
say execlog stream start "$NAME" --business-date 2024-01-15
say dbt --quiet build
say execlog stream show "$NAME"
say execlog notify --dry-run
say execlog stream hold "$NAME"
if say dbt --quiet build; then
    echo 'A stream on hold has run: that is a bug.'
    exit 1
fi
say execlog stream end "$NAME"
say execlog stream list
