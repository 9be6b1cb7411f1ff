#!/usr/bin/env bash
# What `make test` has no time for, with other seeds each time. All of it, or what is named: scripts/soak.sh faults fuzz
#   laws    the laws and the oracle:  SECONDS_EACH of each test over seeds (300), CASES of each property (20000)
#   faults  visitors behind a proxy that fails, of a collector that is killed again and again:  EVENTS (1000000)
#   fuzz    bytes of all kinds into what reads them:  FUZZ_SECONDS of each target (60)
#   api     what the API's description allows, and what it does not, to every operation of it:  API_SECONDS (60)
# SEED decides what is left to chance; without one each run is another (seconds since 1970), and a failure names its own.
set -euo pipefail
. "$(dirname "$0")/env.sh"
cd "$ROOT"

laws() {
  # Optimised, and beside the other builds, which are not.
  local -x CARGO_TARGET_DIR=$ROOT/target/soak CARGO_PROFILE_DEV_OPT_LEVEL=1
  local -x PASSERBY_SOAK_SECONDS=${SECONDS_EACH:-300} PASSERBY_SOAK_SEED=${SEED:-$(date +%s)000000} PROPTEST_CASES=${CASES:-20000}
  printf 'from seed %s, %s s for each test over seeds, %s cases for each property\n' \
    "$PASSERBY_SOAK_SEED" "$PASSERBY_SOAK_SECONDS" "$PROPTEST_CASES"
  cargo test --locked -p passerby-protocol --test laws
  cargo test --locked -p passerby-analytics --test laws
  cargo test --locked -p passerby-analytics --test oracle --test report_laws -- --nocapture
}
faults() { node --disable-warning=ExperimentalWarning tests/faults/soak.ts; }
fuzz() { scripts/fuzz.sh; }
api() { scripts/setup-schemathesis.sh && node --disable-warning=ExperimentalWarning tests/api/schemathesis.ts; }

parts=("$@")
[ ${#parts[@]} -gt 0 ] || parts=(faults fuzz api laws)
for part in "${parts[@]}"; do
  printf '\n── %s\n' "$part"
  "$part"
done
