#!/usr/bin/env bash
# Builds the collector: crate passerby-collector -> edge-collector/build/entry.js, index.js and index_bg.wasm. Called by wrangler too.
#   --panicking  one that panics on demand instead, -> target/panicking: for tests/worker/panics.test.ts, and never served
set -euo pipefail
. "$(dirname "$0")/env.sh"

target=wasm32-unknown-unknown
export CARGO_TARGET_DIR=$ROOT/target/collector
# Each report is compiled for its own types: for size, that is a quarter less to upload, and a batch takes no more computing. Not
# for the smallest size (z): an eighth less again, and a quarter more computing a batch.
export CARGO_PROFILE_RELEASE_OPT_LEVEL=s
# What worker-build sets for its own call of cargo; without it the two calls would undo each other's work.
export WASM_BINDGEN_USE_JS_SYS=1
if [ -e "$(std_sources)" ]; then
  # A std built for size, by variables since worker-build calls cargo, too: 50 KB less to upload.
  export RUSTC_BOOTSTRAP=1 CARGO_UNSTABLE_BUILD_STD=std,panic_abort CARGO_UNSTABLE_BUILD_STD_FEATURES=optimize_for_size
else
  echo "collector: built without the sources of Rust's std (rustup component add rust-src), about 50 KB larger"
fi
cd "$ROOT/edge-collector"
if [ "${1:-}" = --panicking ]; then
  with_wasm_rust worker-build --release --no-opt --out-dir ../target/panicking . --features forced-panics
  cp entry.js ../target/panicking/
  exit
fi
with_wasm_rust cargo build --release --lib --target $target

raw=$CARGO_TARGET_DIR/$target/release/passerby_collector.wasm
built_from=$(cat "$raw" "$ROOT/scripts/build-collector.sh" "$ROOT/scripts/env.sh" "$ROOT/package-lock.json" | sha256sum)
if [ "$(cat "$CARGO_TARGET_DIR/collector.stamp" 2>/dev/null)" != "$built_from" ] || [ ! -e build/index.js ]; then
  rm -f "$CARGO_TARGET_DIR/collector.stamp"
  with_wasm_rust worker-build --release --no-opt
  wasm-opt build/index_bg.wasm -o "$CARGO_TARGET_DIR/optimised.wasm" -O2 "${WASM_FEATURES[@]}" --enable-exception-handling \
    --strip-debug --strip-producers
  mv "$CARGO_TARGET_DIR/optimised.wasm" build/index_bg.wasm
  echo "$built_from" >"$CARGO_TARGET_DIR/collector.stamp"
fi
cp entry.js build/
echo "collector: edge-collector/build ($(gzip -c build/index_bg.wasm | wc -c) bytes of wasm, gzip)"
