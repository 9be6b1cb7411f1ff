#!/usr/bin/env bash
# Runs the tracker's wasm-bindgen tests in headless Chromium, as sdk-wasm/webdriver.json starts it.
set -euo pipefail
. "$(dirname "$0")/env.sh"
cd "$ROOT/sdk-wasm"

export CARGO_TARGET_DIR=$ROOT/target/wasm-test
export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER=wasm-bindgen-test-runner
CHROMEDRIVER=$(command -v chromedriver)
export CHROMEDRIVER
with_wasm_rust cargo test --target wasm32-unknown-unknown --tests --no-fail-fast "$@"
