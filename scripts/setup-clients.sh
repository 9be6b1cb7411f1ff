#!/usr/bin/env bash
# Installs other analytics' own clients, which tests point at the collector: from npm into tests/clients/node_modules, from
# PyPI into .tools/clients. Each once. A machine without Python's venv does without the latter, and their tests say so.
set -euo pipefail
. "$(dirname "$0")/env.sh"
. "$(dirname "$0")/progress.sh"

clients=$ROOT/tests/clients
key=clients-npm-$(cat "$clients/package-lock.json" | cksum | cut -d' ' -f1)
from_npm() { cd "$clients" && npm ci --ignore-scripts --no-audit --no-fund; }
if ! stamped "$key" || [ ! -d "$clients/node_modules/posthog-node" ]; then
  run_step "install other analytics' clients from npm" clients-npm "see the log; 'npm ci' in tests/clients must be able to run" from_npm
  stamp "$key"
fi

key=clients-pypi-$(cksum <"$clients/requirements.txt" | cut -d' ' -f1)
from_pypi() {
  python3 -m venv --clear "$TOOLS/clients" && "$TOOLS/clients/bin/pip" install --quiet --requirement "$clients/requirements.txt"
}
if ! stamped "$key" || [ ! -x "$TOOLS/clients/bin/python" ]; then
  start_step "install other analytics' clients from PyPI" clients-pypi from_pypi
  if [ "$STEP_STATUS" -eq 0 ]; then
    stamp "$key"
  else
    rm -rf "$TOOLS/clients"
    say "  without them their tests are skipped; see .tools/log/clients-pypi.log (Debian: apt-get install python3-venv)"
  fi
fi
