#!/usr/bin/env bash
# Checks what the machine must bring (Rust, Node), and installs the Debian packages that are missing.
set -euo pipefail
. "$(dirname "$0")/env.sh"
. "$(dirname "$0")/progress.sh"

command -v cargo >/dev/null || die "Rust is missing" "install rustup from rust-lang.org, then open a new shell"
command -v npm >/dev/null || die "Node.js is missing" "install Node.js 20 or later, with npm"

rust=$(rustc --version | cut -d' ' -f2)
[ "$(printf '%s\n' "$MIN_RUST" "$rust" | sort -V | head -n1)" = "$MIN_RUST" ] ||
  die "Rust $rust is too old, $MIN_RUST is needed" "rustup update stable"

# command that shows that it is there -> package
missing=()
need() { command -v "$1" >/dev/null || [ -e "$1" ] || missing+=("$2"); }
need cc gcc
need /usr/include/stdlib.h libc6-dev
need /etc/ssl/certs/ca-certificates.crt ca-certificates
need curl curl
# worker-build links OpenSSL, for downloads that are not used here.
need pkg-config pkg-config
need /usr/include/openssl/ssl.h libssl-dev
# The browser of the tests, and the driver of the wasm tests. `make build` alone could do without; one set-up is simpler.
need chromium chromium
need chromedriver chromium-driver
[ ${#missing[@]} -gt 0 ] || exit 0

command -v apt-get >/dev/null || die "missing: ${missing[*]}" "install these with the system's package manager (names are Debian's)"
apt_install "install Debian packages" "${missing[@]}"
