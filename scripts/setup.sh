#!/usr/bin/env bash
# Everything that building and testing need, each step once. A second call takes no time.
set -euo pipefail
. "$(dirname "$0")/env.sh"
. "$(dirname "$0")/progress.sh"
cd "$ROOT"

scripts/setup-system.sh
[ -n "$WASM_BINDGEN_VERSION" ] || die "Cargo.lock names no wasm-bindgen" "git checkout Cargo.lock"
scripts/setup-wasm-std.sh
scripts/setup-npm.sh
scripts/setup-clients.sh
# Not --locked: the lock file that comes with it names a package version that was withdrawn.
scripts/setup-cargo-tool.sh wasm-bindgen-cli "$WASM_BINDGEN_VERSION" "about 3 minutes"
scripts/setup-cargo-tool.sh worker-build "$WORKER_BUILD_VERSION" "about 4 minutes" --locked
