#!/usr/bin/env bash
# Builds a cargo tool into .tools/NAME-VERSION/: setup-cargo-tool.sh NAME VERSION TIME [cargo install options]
set -euo pipefail
. "$(dirname "$0")/env.sh"
. "$(dirname "$0")/progress.sh"

name=$1 version=$2 time=$3
shift 3
root=$TOOLS/$name-$version
[ -x "$root/bin/${name%-cli}" ] && exit 0

install_tool() {
  # Its own target folder, so that an interrupted build goes on where it stopped.
  CARGO_TARGET_DIR=$TOOLS/build/$name cargo install "$name" --version "$version" --root "$root" "$@" && rm -rf "$TOOLS/build/$name"
}
run_step "build $name $version, once ($time on 2 cores)" "$name" "see the log; call make again to go on where it stopped" install_tool "$@"
