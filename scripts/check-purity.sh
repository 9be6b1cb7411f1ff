#!/usr/bin/env bash
# Holds the platform, clocks and randomness out of protocol, analytics and adapters: there, time and chance are arguments.
set -euo pipefail
. "$(dirname "$0")/env.sh"
cd "$ROOT"

banned='^(worker|worker-sys|web-sys|js-sys|wasm-bindgen|gloo-.*|getrandom|rand|rand_core|fastrand|uuid|web-time|instant|tokio)$'
status=0
for crate in passerby-protocol passerby-analytics passerby-adapters; do
  # First into a variable: a failure of cargo tree must not pass for an empty list.
  tree=$(cargo tree --locked -p $crate -e normal --target all --all-features --prefix none --format '{p}')
  if cut -d' ' -f1 <<<"$tree" | sort -u | grep -E "$banned"; then
    echo "$crate depends on the crates above; see cargo tree -p $crate -e normal --target all -i NAME"
    status=1
  fi
done
[ -d protocol/src ] && [ -d analytics/src ] && [ -d adapters/src ]
if grep -rnwE 'SystemTime|Instant' protocol/src analytics/src adapters/src; then
  echo "these lines read a clock; take the time as an argument"
  status=1
fi
exit $status
