#!/usr/bin/env bash
# Runs all suites, or those named: scripts/test.sh worker e2e
set -euo pipefail
. "$(dirname "$0")/env.sh"
cd "$ROOT"

[ ! -e "$DIST/p.js" ] || scripts/build-public.sh
exec node --disable-warning=ExperimentalWarning tests/run.ts "$@"
