#!/usr/bin/env bash
# Compares the built tracker with its peers, which are installed beside the bench: nothing else needs them.
set -euo pipefail
. "$(dirname "$0")/env.sh"
cd "$ROOT"

npm ci --prefix tests/bench/tracker --ignore-scripts --prefer-offline --no-audit --no-fund
exec node --disable-warning=ExperimentalWarning tests/bench/tracker/run.ts "$@"
