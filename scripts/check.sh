#!/usr/bin/env bash
# All checks that run nothing: format, lints, types, documentation, and the rules of the design that a tool can hold.
# Every check runs, even after one has failed; those named as arguments only, if there are any.
set -euo pipefail
. "$(dirname "$0")/env.sh"
. "$(dirname "$0")/progress.sh"
cd "$ROOT"

target=wasm32-unknown-unknown
host=(-p passerby-protocol -p passerby-analytics -p passerby-adapters -p passerby-cli)

format() { cargo fmt --all --check; }
lock_file() { cargo metadata --locked --format-version 1 >/dev/null; }
lint_host() { cargo clippy --quiet "${host[@]}" --all-targets -- -D warnings; }
lint_tracker() { wasm_cargo clippy --quiet -p passerby-sdk --lib --tests --target $target -- -D warnings; }
lint_collector() { wasm_cargo clippy --quiet -p passerby-collector --lib --target $target -- -D warnings; }
doc_host() { RUSTDOCFLAGS="-D warnings" cargo doc --quiet --no-deps "${host[@]}"; }
doc_wasm() { RUSTDOCFLAGS="-D warnings" wasm_cargo doc --quiet --no-deps -p passerby-sdk -p passerby-collector --target $target; }
# A crate outside the workspace; libFuzzer, which it links, is built by a C++ compiler.
fuzz_targets() { ! command -v c++ >/dev/null || CARGO_TARGET_DIR=$ROOT/target/fuzz cargo check --quiet --manifest-path tests/fuzz/Cargo.toml; }
types() {
  tsc --noEmit -p tsconfig.json
  tsc --noEmit -p dashboard/tsconfig.json
}

wasm_cargo() { CARGO_TARGET_DIR=$ROOT/target/check-wasm with_wasm_rust cargo "$@"; }

failed=()
check() {
  local name=$1 title=$2
  shift 2
  [ ${#wanted[@]} -eq 0 ] || [[ " ${wanted[*]} " == *" $name "* ]] || return 0
  start_step "$title" "check-$name" "$@"
  if [ "$STEP_STATUS" -ne 0 ]; then
    failed+=("$name")
    show_log "check-$name" 60
  fi
}

wanted=("$@")
check format "format of the Rust sources (remedy: make fmt)" format
check lock "Cargo.lock is up to date" lock_file
check lint-host "clippy: protocol, analytics, adapters, cli" lint_host
check lint-tracker "clippy: tracker" lint_tracker
check lint-collector "clippy: collector" lint_collector
check fuzz "the fuzz targets compile" fuzz_targets
check types "types of tests, package and dashboard" types
check doc-host "documentation: protocol, analytics, adapters, cli" doc_host
check doc-wasm "documentation: tracker, collector" doc_wasm
check purity "protocol, analytics and adapters know no platform, clock or chance" scripts/check-purity.sh
check sources "sources: at most 600 lines, nothing of the machine they were written on" scripts/check-sources.sh

[ ${#failed[@]} -eq 0 ] || die "failed checks: ${failed[*]}" "fix what is listed above; one check alone: scripts/check.sh ${failed[0]}"
say "all checks passed"
