# Sourced by the other scripts: where the project's tools are, and which versions. Nothing is installed outside
# the clone except Debian packages, so removing .tools/ and node_modules/ undoes a set-up.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
TOOLS=$ROOT/.tools
DIST=$ROOT/npm-package/dist

# The version of package $1 in Cargo.lock. The wasm-bindgen CLI must equal the library, so it is read, not written twice.
locked_version() {
  awk -v name="\"$1\"" '$1 == "name" { hit = ($3 == name) } hit && $1 == "version" { gsub(/"/, "", $3); print $3; exit }' "$ROOT/Cargo.lock"
}

WASM_BINDGEN_VERSION=$(locked_version wasm-bindgen)
WORKER_BUILD_VERSION=0.8.7
DUCKDB_VERSION=1.4.2
MIN_RUST=1.91

# cargo's own folder is not on the PATH of a shell that was open while rustup was installed.
[ -x "$HOME/.cargo/bin/cargo" ] && PATH=$HOME/.cargo/bin:$PATH
PATH=$ROOT/node_modules/.bin:$TOOLS/wasm-bindgen-cli-$WASM_BINDGEN_VERSION/bin:$TOOLS/worker-build-$WORKER_BUILD_VERSION/bin:$PATH
export PATH

# The local binaries that worker-build and the wasm test runner take in place of downloads.
export WASM_BINDGEN_BIN=$TOOLS/wasm-bindgen-cli-$WASM_BINDGEN_VERSION/bin/wasm-bindgen
export WASM_OPT_BIN=$ROOT/node_modules/.bin/wasm-opt
export ESBUILD_BIN=$ROOT/node_modules/.bin/esbuild
export WRANGLER_SEND_METRICS=false WRANGLER_SEND_ERROR_REPORTS=false
export CARGO_TERM_PROGRESS_WHEN=${CARGO_TERM_PROGRESS_WHEN:-never}

# Made by setup-wasm-std.sh only where rustup could not supply the wasm target: a sysroot with rustc, cargo and clippy.
WASM_SYSROOT=$TOOLS/wasm-sysroot

# Runs $@ with the compiler that can build for wasm32: rustup's own, else the one of the sysroot above.
with_wasm_rust() {
  if [ -d "$WASM_SYSROOT/bin" ]; then
    # clippy calls no rustc, it is one: it takes its sysroot from this variable.
    PATH=$WASM_SYSROOT/bin:$PATH SYSROOT=$WASM_SYSROOT "$@"
  else
    "$@"
  fi
}

# The file whose presence says that std's sources are there to be rebuilt for size.
std_sources() {
  echo "$(with_wasm_rust rustc --print sysroot)/lib/rustlib/src/rust/library/Cargo.lock"
}

# What wasm-opt may use: what rustc's wasm32 target enables, no more; --all-features emits what browsers refuse.
WASM_FEATURES=(--enable-bulk-memory --enable-reference-types --enable-nontrapping-float-to-int --enable-sign-ext
  --enable-mutable-globals --enable-multivalue)
