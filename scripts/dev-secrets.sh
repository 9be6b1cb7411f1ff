#!/usr/bin/env bash
# Makes .dev.vars, the secrets of a collector on this machine, if there is none. A deployment has its own.
set -euo pipefail
. "$(dirname "$0")/env.sh"

[ ! -e "$ROOT/.dev.vars" ] || exit 0
umask 077
printf 'PASSERBY_ADMIN_KEY="%s"\n' "$(node -p "crypto.randomBytes(24).toString('hex')")" >"$ROOT/.dev.vars"
