#!/usr/bin/env bash
# Makes the wasm32-unknown-unknown target of Rust available, with the sources of std where they can be had.
# rustup's own first; where its server is out of reach, Debian's compiler with a std built here.
set -euo pipefail
. "$(dirname "$0")/env.sh"
. "$(dirname "$0")/progress.sh"

target=wasm32-unknown-unknown
packages=(rustc-web cargo-web rust-web-src rust-web-llvm rust-web-clippy lld-22)

has_target() { [ -d "$(rustc --print target-libdir --target $target)" ]; }

# A server that is filtered rather than absent would otherwise hold the set-up for many minutes.
from_rustup() { timeout 300 rustup target add $target && has_target; }
sources_from_rustup() { timeout 300 rustup component add rust-src; }

install_packages() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get update
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${packages[@]}"
}

# A sysroot of links to Debian's files, so that nothing is written to /usr and rustup's settings stay as they are.
link_sysroot() {
  local tool
  rm -rf "$WASM_SYSROOT"
  mkdir -p "$WASM_SYSROOT/bin" "$WASM_SYSROOT/lib/rustlib/$target/lib"
  for tool in rustc rustdoc clippy-driver; do
    printf '#!/bin/sh\nexec /usr/bin/%s --sysroot "%s" "$@"\n' $tool "$WASM_SYSROOT" >"$WASM_SYSROOT/bin/$tool"
  done
  # clippy-driver is given rustc's path as its first argument and takes the sysroot from the environment.
  printf '#!/bin/sh\nSYSROOT="%s" exec /usr/bin/clippy-driver "$@"\n' "$WASM_SYSROOT" >"$WASM_SYSROOT/bin/clippy-driver"
  chmod +x "$WASM_SYSROOT"/bin/*
  ln -s /usr/bin/cargo /usr/bin/cargo-clippy "$WASM_SYSROOT/bin/"
  ln -s /usr/lib/rustlib/src /usr/lib/rustlib/x86_64-unknown-linux-gnu "$WASM_SYSROOT/lib/rustlib/"
}

build_std() {
  local scratch=$TOOLS/std-build
  rm -rf "$scratch" && mkdir -p "$scratch/src"
  printf '[package]\nname = "stub"\nversion = "0.0.0"\nedition = "2021"\n[lib]\n[workspace]\n' >"$scratch/Cargo.toml"
  : >"$scratch/src/lib.rs"
  (cd "$scratch" && RUSTC_BOOTSTRAP=1 with_wasm_rust cargo build --release -Zbuild-std=std,panic_abort --target $target \
    --target-dir "$scratch/target")
  find "$scratch/target/$target/release/deps" -name '*.rlib' ! -name 'libstub-*' -exec cp {} "$WASM_SYSROOT/lib/rustlib/$target/lib/" \;
  rm -rf "$scratch"
}

debian_fallback() {
  local version
  if ! dpkg -s "${packages[@]}" >/dev/null 2>&1; then
    say "rustup cannot supply $target here, so Debian's compiler is taken for it; this needs root: apt-get install ${packages[*]}"
    run_step "install Debian's Rust for WebAssembly" apt-rust "see the log; the packages are in Debian 12's security archive" install_packages
  fi
  version=$(/usr/bin/rustc --version | cut -d' ' -f2)
  link_sysroot
  run_step "build Rust's std $version for WebAssembly" build-std "see the log; then call make again" build_std
}

# Debian's security updates replace its compiler and rustup's replace its own, and a std is good for one compiler only.
key() { (rustc --version; [ ! -d "$WASM_SYSROOT" ] || /usr/bin/rustc --version) | cksum | cut -d' ' -f1; }
stamped "wasm-std-$(key)" && exit 0

if has_target || try_step "add Rust's target $target with rustup" rustup-target from_rustup; then
  rm -rf "$WASM_SYSROOT"
  # Missing sources only cost bytes, so this step may fail.
  [ -e "$(std_sources)" ] || try_step "add the sources of Rust's std with rustup" rustup-src sources_from_rustup || true
else
  debian_fallback
fi
if [ ! -e "$(std_sources)" ]; then
  say "note: without the sources of Rust's std (rustup component add rust-src) the tracker is about 5 KB larger"
fi
stamp "wasm-std-$(key)"
