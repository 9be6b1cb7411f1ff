#!/usr/bin/env bash
# Installs what package-lock.json names, Node 22 among it: wrangler needs it, and the machine's own may be older.
set -euo pipefail
. "$(dirname "$0")/env.sh"
. "$(dirname "$0")/progress.sh"

key=npm-$(cat "$ROOT/package-lock.json" "$ROOT/package.json" | cksum | cut -d' ' -f1)
if stamped "$key" && [ -x "$ROOT/node_modules/.bin/wrangler" ]; then exit 0; fi

install() {
  cd "$ROOT" && npm ci --no-audit --no-fund
  node --version | grep -q '^v22\.'
  esbuild --version && workerd --version && wasm-opt --version
}
run_step "install the npm packages" npm "see the log; 'npm ci' must be able to run the install scripts of node, esbuild and workerd" install
stamp "$key"
