#!/usr/bin/env bash
# Makes .dev.vars, the secrets of a collector on this machine, if there is none. A deployment has its own.
set -euo pipefail
. "$(dirname "$0")/env.sh"

[ ! -e "$ROOT/.dev.vars" ] || exit 0
random_hex() { node -p "crypto.randomBytes($1).toString('hex')"; }
umask 077
printf 'PASSERBY_ADMIN_KEY="%s"\nPASSERBY_SECRET="%s"\n' "$(random_hex 24)" "$(random_hex 32)" >"$ROOT/.dev.vars"
