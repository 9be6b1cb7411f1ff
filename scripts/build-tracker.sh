#!/usr/bin/env bash
# Builds the tracker: crate passerby-sdk -> npm-package/dist/core.js and core.wasm, then the loader around them.
set -euo pipefail
. "$(dirname "$0")/env.sh"
cd "$ROOT"

target=wasm32-unknown-unknown
# A folder of its own: these flags differ from the collector's, and cargo would rebuild all at each change of flags.
export CARGO_TARGET_DIR=$ROOT/target/tracker
export CARGO_PROFILE_RELEASE_OPT_LEVEL=z

if [ -e "$(std_sources)" ]; then
  # A std built for size, whose panics trap without formatting a message: a fifth less to download.
  RUSTC_BOOTSTRAP=1 RUSTFLAGS="-Zunstable-options -Cpanic=immediate-abort -Zinline-mir=yes" with_wasm_rust cargo rustc --release --lib --crate-type cdylib \
    -p passerby-sdk --target $target -Zbuild-std=std,panic_abort -Zbuild-std-features=optimize_for_size
else
  echo "tracker: built without the sources of Rust's std (rustup component add rust-src), about 5 KB larger"
  with_wasm_rust cargo rustc --release --lib --crate-type cdylib -p passerby-sdk --target $target
fi

raw=$CARGO_TARGET_DIR/$target/release/passerby_sdk.wasm
out=$CARGO_TARGET_DIR/bindgen
mkdir -p "$DIST"
# The wasm only: its JavaScript half is written by hand.
wasm-bindgen "$raw" --target web --no-typescript --omit-default-module-path --remove-producers-section --remove-name-section \
  --out-dir "$out" --out-name core
node npm-package/join-core.mjs "$out/core_bg.wasm" "$out" "${WASM_FEATURES[@]}"
[ ! -e npm-package/build.mjs ] || node npm-package/build.mjs
echo "tracker: npm-package/dist ($(wc -c <"$DIST/core.wasm") bytes of wasm)"
