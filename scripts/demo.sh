#!/usr/bin/env bash
# Serves the dashboard, the demo shop and the collector with wrangler dev, and gives the shop its made-up visitors: of the last sixty
# days, and from now on. What is counted stays in .wrangler/state between runs.
set -euo pipefail
. "$(dirname "$0")/env.sh"
. "$(dirname "$0")/progress.sh"
cd "$ROOT"

port=${PORT:-8787}
url=http://localhost:$port
# A connection that opens means that somebody listens.
if (: </dev/tcp/localhost/"$port") 2>/dev/null; then
  die "port $port is taken by another program" "stop it, or choose a port: make demo PORT=$((port + 1))"
fi

scripts/dev-secrets.sh
scripts/build-public.sh
key=$(sed -n 's/^PASSERBY_ADMIN_KEY="\(.*\)"$/\1/p' .dev.vars)

# CI=true asks nothing; metadata of requests (country and so on) is made up locally instead of fetched.
export CI=true CLOUDFLARE_CF_FETCH_ENABLED=false WRANGLER_HIDE_BANNER=true
wrangler dev --port "$port" --inspector-port 0 --show-interactive-dev-session=false --log-level warn &
server=$!
visitors=
trap 'trap - INT TERM; kill -TERM $visitors $server 2>/dev/null; wait $server || true; say; say "stopped; the data stays in .wrangler/state"; exit 0' INT TERM

until curl --silent --fail --output /dev/null "$url/demo/"; do
  kill -0 $server 2>/dev/null || die "wrangler ended" "read its message above; the build itself is make build"
  sleep 0.3
done
cat <<TEXT

  dashboard   $url/?site=demo&range=28d
  its key     $key
  demo shop   $url/demo/
  numbers     curl -H "Authorization: Bearer $key" "$url/api/v1/stats/aggregate?site_id=demo&period=day&metrics=visitors,pageviews"
  stop        Ctrl-C
TEXT
PASSERBY_ADMIN_KEY=$key node --disable-warning=ExperimentalWarning scripts/demo/main.ts "$url" &
visitors=$!
wait $server
