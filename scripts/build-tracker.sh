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
built_from=$(sha256sum "$raw" scripts/build-tracker.sh scripts/env.sh package-lock.json npm-package/shrink-glue.mjs npm-package/src/core/glue.ts | sha256sum | cut -d' ' -f1)
if [ "$(cat "$CARGO_TARGET_DIR/core.stamp" 2>/dev/null)" != "$built_from" ] || [ ! -e "$DIST/core.js" ] || [ ! -e "$DIST/core.wasm" ]; then
  out=$CARGO_TARGET_DIR/bindgen
  rm -rf "$out"
  mkdir -p "$DIST"
  wasm-bindgen "$raw" --target web --no-typescript --omit-default-module-path --remove-producers-section --remove-name-section \
    --out-dir "$out" --out-name core
  wasm-opt "$out/core_bg.wasm" -o "$out/small.wasm" -Oz --converge --low-memory-unused "${WASM_FEATURES[@]}" --strip-debug --strip-producers \
    --strip-target-features
  # Names between the two files carry hashes: a tenth of what a page loads, until they are shortened on both sides.
  wasm-opt "$out/small.wasm" -o "$DIST/core.wasm" "${WASM_FEATURES[@]}" --minify-imports-and-exports-and-modules >"$out/names.json"
  node npm-package/shrink-glue.mjs "$out/names.json" "$out/core.js" "$out/short.js"
  esbuild npm-package/src/core/glue.ts --bundle "--alias:#bindgen=$out/short.js" --minify --format=esm --target=es2020 \
    --log-level=warning --outfile="$DIST/core.js" --allow-overwrite
  echo "$built_from" >"$CARGO_TARGET_DIR/core.stamp"
fi

[ ! -e npm-package/build.mjs ] || node npm-package/build.mjs
echo "tracker: npm-package/dist ($(wc -c <"$DIST/core.wasm") bytes of wasm)"
