#!/usr/bin/env bash
# What questions cost on the host, beside DuckDB, and in the Worker under workerd: tests/bench/query. Takes some minutes.
set -euo pipefail
. "$(dirname "$0")/env.sh"
cd "$ROOT"

scripts/setup-duckdb.sh
cargo build --quiet --release --package passerby-analytics --example bench_query
exec node --disable-warning=ExperimentalWarning tests/bench/query/main.ts "$TOOLS/duckdb-$DUCKDB_VERSION/bin/python"
