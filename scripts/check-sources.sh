#!/usr/bin/env bash
# Holds every source file that is written by hand to 600 lines, and paths and package hosts of some machine out of all tracked files.
set -euo pipefail
. "$(dirname "$0")/env.sh"
cd "$ROOT"

git rev-parse --is-inside-work-tree >/dev/null
status=0
while read -r file; do
  [ -f "$file" ] || continue
  lines=$(wc -l <"$file")
  if [ "$lines" -gt 600 ]; then
    echo "$file: $lines lines, at most 600: two ideas share a room"
    status=1
  fi
done < <(git ls-files '*.rs' '*.ts' '*.mts' '*.js' '*.mjs' '*.cjs' '*.css' '*.html' '*.sh' '*.toml' Makefile ':!*/api.d.ts')

# A lock file or a script that names a mirror works on one machine only.
hosts='(registry|index|static|mirror|mirrors)\.(npmjs|crates|yarnpkg|npmmirror)\.[a-z]+|files\.pythonhosted\.org|(deb|security)\.debian\.org'
paths='(^|[^A-Za-z0-9_.~-])/(work|root|home/[a-z]+)/'
if git grep -nIE "$hosts|$paths" -- ':!scripts/check-sources.sh'; then
  echo "the lines above name a package host or a path of one machine"
  status=1
fi
exit $status
