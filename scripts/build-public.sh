#!/usr/bin/env bash
# Gathers the files that the Worker serves: the tracker, and the demo shop under /demo/ except in a deployment.
set -euo pipefail
. "$(dirname "$0")/env.sh"

public=$ROOT/edge-collector/public
mkdir -p "$public"
for file in p.js core.js core.wasm; do
  if [ ! -e "$DIST/$file" ]; then
    echo "npm-package/dist/$file is missing: run make build" >&2
    exit 1
  fi
  cp "$DIST/$file" "$public/"
done

cp "$ROOT/edge-collector/_headers" "$public/"

rm -rf "$public/demo" "$public/_redirects"
# wrangler names the command that it builds for.
case ${WRANGLER_COMMAND:-dev} in
  deploy | versions*) ;;
  *)
    cp -r "$ROOT/demo-site" "$public/demo"
    echo "/ /demo/ 302" >"$public/_redirects"
    ;;
esac
