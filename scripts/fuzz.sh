#!/usr/bin/env bash
# Runs the fuzz targets of tests/fuzz, or those named, two at a time: scripts/fuzz.sh decode query_v2
#   FUZZ_SECONDS  how long each goes on (60)
# libFuzzer needs the compiler's marks of coverage, and those are options of the stable compiler; so neither nightly nor
# cargo-fuzz is needed, only a C++ compiler, with which cargo builds libFuzzer.
set -euo pipefail
. "$(dirname "$0")/env.sh"
cd "$ROOT/tests/fuzz"

if ! command -v c++ >/dev/null; then
  echo "fuzz targets NOT RUN: libFuzzer is built with a C++ compiler, and there is none (Debian: apt-get install g++)"
  exit 0
fi
seconds=${FUZZ_SECONDS:-60}
host=$(rustc -vV | sed -n 's/^host: //p')
export CARGO_TARGET_DIR=$ROOT/target/fuzz
# The host is named as a target, so that only the code under test is marked, and not the programs that build it.
marks="--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters"
marks+=" -Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1"
RUSTFLAGS=$marks cargo build --quiet --release --target "$host"

targets=("$@")
[ ${#targets[@]} -gt 0 ] || mapfile -t targets < <(basename -s .rs targets/*.rs)
mkdir -p artifacts "$CARGO_TARGET_DIR/log"

# A find is written to artifacts/. Five seconds for one input, and a gigabyte, are finds as well.
fuzz() {
  local target=$1 log=$CARGO_TARGET_DIR/log/$1
  mkdir -p "corpus/$target"
  if "$CARGO_TARGET_DIR/$host/release/$target" -max_total_time="$seconds" -timeout=5 -rss_limit_mb=1024 -max_len=66000 \
    -artifact_prefix="artifacts/$target-" "corpus/$target" "seeds/$target" >"$log" 2>&1; then
    printf 'fuzz %-12s %s\n' "$target" "$(tail -n1 "$log")"
  else
    grep -v '^#' "$log" | tail -n 25
    printf 'fuzz %-12s FOUND SOMETHING: see tests/fuzz/artifacts, and make a test of it\n' "$target"
    return 1
  fi
}

failed=0
for ((at = 0; at < ${#targets[@]}; at += 2)); do
  running=()
  for target in "${targets[@]:at:2}"; do
    fuzz "$target" &
    running+=($!)
  done
  for pid in "${running[@]}"; do wait "$pid" || failed=1; done
done
exit $failed
