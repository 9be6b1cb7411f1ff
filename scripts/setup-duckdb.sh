#!/usr/bin/env bash
# Installs DuckDB, to which `make bench-query` compares: from PyPI into a virtual environment in .tools/.
set -euo pipefail
. "$(dirname "$0")/env.sh"
. "$(dirname "$0")/progress.sh"

[ -x "$TOOLS/duckdb-$DUCKDB_VERSION/bin/python" ] && exit 0
command -v python3 >/dev/null || die "python3 is missing" "install Python 3 with its venv module (Debian: python3-venv)"

# Into place when it is whole, so that an interrupted installation is begun anew.
install() {
  rm -rf "$TOOLS/duckdb-$DUCKDB_VERSION" "$TOOLS/duckdb.new"
  python3 -m venv "$TOOLS/duckdb.new"
  "$TOOLS/duckdb.new/bin/python" -m pip install --quiet --disable-pip-version-check "duckdb==$DUCKDB_VERSION"
  mv "$TOOLS/duckdb.new" "$TOOLS/duckdb-$DUCKDB_VERSION"
}
run_step "install DuckDB $DUCKDB_VERSION from PyPI into .tools/, once" duckdb "see the log; Python's venv module is needed (Debian: python3-venv)" install
