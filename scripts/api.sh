#!/usr/bin/env bash
# Writes down the HTTP API as the collector's types have it: the OpenAPI document that it serves, and types of TypeScript.
set -euo pipefail
. "$(dirname "$0")/env.sh"
cd "$ROOT"

print() { cargo run --quiet --locked -p passerby-analytics --example openapi -- "$@"; }
print >edge-collector/src/openapi.json
print types >edge-collector/api.d.ts
