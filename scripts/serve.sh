#!/usr/bin/env bash
# Serves the built collector, the dashboard and the tracker's files on this machine, until SIGTERM. Arguments go to workerd.
#   DATA          the folder that keeps everything: objects, key, configuration (./data)
#   ADDRESS       where it listens (127.0.0.1:8787)
#   PROXY_HEADER  the header in which a proxy says from which address a request comes; empty: whoever connects is the visitor
#   PROXIES       the proxies' addresses, whose header is believed (127.0.0.1,::1)
#   PUBLIC        the static files (edge-collector/public, as make build has it)
set -euo pipefail
. "$(dirname "$0")/env.sh"

data=${DATA:-$ROOT/data}
address=${ADDRESS:-127.0.0.1:8787}
public=${PUBLIC:-}
if [ -z "$public" ]; then
  public=$ROOT/edge-collector/public
  WRANGLER_COMMAND=deploy "$ROOT/scripts/build-public.sh"
fi
mkdir -p -m 700 "$data"
if [ ! -s "$data/admin-key" ]; then
  (umask 077 && node -p "crypto.randomBytes(24).toString('hex')" >"$data/admin-key")
fi
config=$(node --disable-warning=ExperimentalWarning "$ROOT/scripts/serve/config.ts" "$data" "$address" "$public" "${PROXY_HEADER:-}" "${PROXIES:-127.0.0.1,::1}")
PASSERBY_ADMIN_KEY=$(cat "$data/admin-key")
export PASSERBY_ADMIN_KEY
echo "serving http://$address, data in $data, key in $data/admin-key"
if [ -z "${PROXY_HEADER:-}" ]; then
  echo "no PROXY_HEADER: behind a proxy all visitors would have its address (docs/self-hosting.md)"
fi
"$ROOT/node_modules/.bin/workerd" serve --experimental "$config" "$@" &
server=$!
# It lets requests finish, and would wait for sockets as long as somebody watches. What it acknowledged is on disk already.
stop() {
  trap - TERM INT
  kill -TERM "$server" 2>/dev/null || exit 0
  for _ in {1..30}; do
    kill -0 "$server" 2>/dev/null || exit 0
    sleep 0.1
  done
  kill -KILL "$server" 2>/dev/null
  exit 0
}
trap stop TERM INT
wait "$server"
