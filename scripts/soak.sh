#!/usr/bin/env bash
# The laws and the oracle for longer than `make test` has time for: other seeds each time, until the time is out.
#   SECONDS_EACH  how long each test over seeds goes on (300)
#   CASES         cases of each property test (20000)
#   SEED          the first seed; a failure names the one that shows it (seconds since 1970, so that no two runs are alike)
set -euo pipefail
. "$(dirname "$0")/env.sh"
cd "$ROOT"

export PASSERBY_SOAK_SECONDS=${SECONDS_EACH:-300}
export PASSERBY_SOAK_SEED=${SEED:-$(date +%s)000000}
export PROPTEST_CASES=${CASES:-20000}
# Optimised, and beside the other builds, which are not.
export CARGO_TARGET_DIR=$ROOT/target/soak CARGO_PROFILE_DEV_OPT_LEVEL=1

printf 'from seed %s, %s s for each test over seeds, %s cases for each property\n' \
  "$PASSERBY_SOAK_SEED" "$PASSERBY_SOAK_SECONDS" "$PROPTEST_CASES"
cargo test --locked -p passerby-protocol --test laws
cargo test --locked -p passerby-analytics --test laws
cargo test --locked -p passerby-analytics --test oracle --test report_laws -- --nocapture
