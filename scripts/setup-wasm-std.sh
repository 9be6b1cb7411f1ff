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
from_rustup() { timeout 300 rustup target add $target; }
sources_from_rustup() { timeout 300 rustup component add rust-src; }

# A sysroot of links to Debian's files, so that nothing is written to /usr and rustup's settings stay as they are.
link_sysroot() {
  local tool host
  host=$(/usr/bin/rustc -vV | sed -n 's/^host: //p')
  rm -rf "$WASM_SYSROOT"
  mkdir -p "$WASM_SYSROOT/bin" "$WASM_SYSROOT/lib/rustlib/$target/lib"
  for tool in rustc rustdoc; do
    printf '#!/bin/sh\nexec /usr/bin/%s --sysroot "%s" "$@"\n' $tool "$WASM_SYSROOT" >"$WASM_SYSROOT/bin/$tool"
  done
  chmod +x "$WASM_SYSROOT"/bin/*
  ln -s /usr/bin/cargo /usr/bin/cargo-clippy /usr/bin/clippy-driver "$WASM_SYSROOT/bin/"
  ln -s /usr/lib/rustlib/src "/usr/lib/rustlib/$host" "$WASM_SYSROOT/lib/rustlib/"
}

build_std() {
  local scratch=$TOOLS/std-build
  rm -rf "$scratch" && mkdir -p "$scratch/src"
  printf '[package]\nname = "stub"\nversion = "0.0.0"\nedition = "2021"\n[lib]\n[workspace]\n' >"$scratch/Cargo.toml"
  : >"$scratch/src/lib.rs"
  # With bitcode, as rustup's has it: link-time optimisation of the collector needs that of std, too.
  (cd "$scratch" && RUSTC_BOOTSTRAP=1 RUSTFLAGS=-Cembed-bitcode=yes with_wasm_rust cargo build --release -Zbuild-std=std,panic_abort,test --target $target \
    --target-dir "$scratch/target")
  find "$scratch/target/$target/release/deps" -name '*.rlib' ! -name 'libstub-*' -exec cp {} "$WASM_SYSROOT/lib/rustlib/$target/lib/" \;
  rm -rf "$scratch"
}

installed() { [ "$(dpkg-query --show --showformat '${db:Status-Status} ' "$@" 2>/dev/null | tr -s ' ' '\n' | grep -cx installed)" -eq $# ]; }

debian_fallback() {
  local version
  if ! installed "${packages[@]}"; then
    command -v apt-get >/dev/null ||
      die "rustup could not add $target, and this is no Debian" "see .tools/log/rustup-target.log; then: rustup target add $target"
    say "rustup could not add $target; Debian's compiler is taken for it"
    apt_install "install Debian's Rust for WebAssembly" "${packages[@]}"
  fi
  version=$(/usr/bin/rustc --version | cut -d' ' -f2)
  link_sysroot
  run_step "build Rust's std $version for WebAssembly" build-std "see the log; then call make again" build_std
}

# Debian's security updates replace its compiler and rustup's replace its own, and a std is good for one compiler only.
key() { (rustc --version; [ ! -d "$WASM_SYSROOT" ] || /usr/bin/rustc --version) | cksum | cut -d' ' -f1; }
if stamped "wasm-std-$(key)" && { [ -d "$WASM_SYSROOT/bin" ] || has_target; }; then exit 0; fi

has_target || start_step "add Rust's target $target with rustup" rustup-target from_rustup
if has_target; then
  rm -rf "$WASM_SYSROOT"
  # Missing sources only cost bytes, so this step may fail.
  [ -e "$(std_sources)" ] || start_step "add the sources of Rust's std with rustup" rustup-src sources_from_rustup
else
  debian_fallback
fi
if [ ! -e "$(std_sources)" ]; then
  say "note: without the sources of Rust's std (rustup component add rust-src) the tracker is about 5 KB larger"
fi
stamp "wasm-std-$(key)"
