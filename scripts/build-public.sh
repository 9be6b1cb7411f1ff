#!/usr/bin/env bash
# Gathers the files that the Worker serves: the tracker, the dashboard, and the demo shop under /demo/ except in a deployment.
set -euo pipefail
. "$(dirname "$0")/env.sh"

public=$ROOT/edge-collector/public
pages=$ROOT/dashboard/dist
for file in "$DIST"/{p.js,core.js,core.wasm,unsent.js} "$pages/index.html"; do
  if [ ! -e "$file" ]; then
    echo "${file#"$ROOT/"} is missing: run make build" >&2
    exit 1
  fi
done
mkdir -p "$public"
cp "$DIST"/{p.js,core.js,core.wasm,unsent.js} "$ROOT/edge-collector/_headers" "$public/"

# Behind the owner's prefix the same, with the same headers.
prefix=$(sed -n 's|^PREFIX = "\(/[a-z0-9/-]*\)"$|\1|p' "$ROOT/wrangler.toml")
if [ -n "$prefix" ]; then
  mkdir -p "$public$prefix"
  cp "$DIST"/{p.js,core.js,core.wasm,unsent.js} "$public$prefix/"
  sed -n "\|^/p.js|,\|^# The dashboard|p" "$ROOT/edge-collector/_headers" | grep -v '^#' | sed "s|^/|$prefix/|" >>"$public/_headers"
fi

# What an earlier build left is asked for by nobody: a page and its assets are deployed together.
rm -rf "$public/demo" "$public/assets" "$public/_redirects"
cp -r "$pages/." "$public/"
# wrangler names the command that it builds for.
case ${WRANGLER_COMMAND:-dev} in
  deploy | versions*) ;;
  *)
    cp -r "$ROOT/demo-site" "$public/demo"
    node "$ROOT/scripts/demo/pages.mjs" "$public/demo"
    ;;
esac
