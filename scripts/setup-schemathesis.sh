#!/usr/bin/env bash
# Installs schemathesis from PyPI into .tools/schemathesis, once. A machine without Python's venv does without, and is told so.
set -euo pipefail
. "$(dirname "$0")/env.sh"
. "$(dirname "$0")/progress.sh"

requirements=$ROOT/tests/api/requirements.txt
key=schemathesis-$(cksum <"$requirements" | cut -d' ' -f1)
from_pypi() {
  python3 -m venv --clear "$TOOLS/schemathesis" && "$TOOLS/schemathesis/bin/pip" install --quiet --requirement "$requirements"
}
if stamped "$key" && [ -x "$TOOLS/schemathesis/bin/schemathesis" ]; then exit 0; fi
start_step "install schemathesis from PyPI" schemathesis from_pypi
if [ "$STEP_STATUS" -ne 0 ]; then
  rm -rf "$TOOLS/schemathesis"
  die "schemathesis could not be installed" "see .tools/log/schemathesis.log (Debian: apt-get install python3-venv)"
fi
stamp "$key"
