#!/usr/bin/env bash
# Builds the dashboard: dashboard/ -> dashboard/dist.
set -euo pipefail
. "$(dirname "$0")/env.sh"
cd "$ROOT"

vite build dashboard --config dashboard/vite.config.mjs --logLevel warn
echo "dashboard: dashboard/dist ($(find dashboard/dist -type f | wc -l) files)"
