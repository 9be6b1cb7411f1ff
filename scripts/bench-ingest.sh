#!/usr/bin/env bash
# How many batches the collector takes in under workerd, beside what bounds any: tests/bench/ingest. A minute and a half, or
# more with SECONDS_EACH and ROUNDS.
set -euo pipefail
. "$(dirname "$0")/env.sh"
cd "$ROOT"

cargo build --quiet --release --package passerby-protocol --example ingest_load
exec node --disable-warning=ExperimentalWarning tests/bench/ingest/main.ts
