# Sourced by the set-up scripts: one line a step, a sign of life each second or so, the log's tail and a remedy on failure.

say() { printf '%s\n' "$*"; }

# die MESSAGE REMEDY
die() {
  printf '\n%s\n  remedy: %s\n' "$1" "$2" >&2
  exit 1
}

# try_step TITLE LOG-NAME COMMAND... : output goes to .tools/log/LOG-NAME.log; returns the command's status.
try_step() {
  local title=$1 log=$TOOLS/log/$2.log start=$SECONDS status=0
  shift 2
  mkdir -p "$TOOLS/log"
  printf '%s ' "$title"
  "$@" >"$log" 2>&1 </dev/null &
  local job=$! ticks=0
  # A short first tick, so that a step that takes no time costs none.
  sleep 0.1
  while kill -0 "$job" 2>/dev/null; do
    ticks=$((ticks + 1))
    [ $((ticks % 3)) -eq 0 ] && { [ $((ticks % 60)) -eq 0 ] && printf '%ss' $((SECONDS - start)) || printf '.'; }
    sleep 1
  done
  wait "$job" || status=$?
  [ "$status" -eq 0 ] && printf ' %ss\n' $((SECONDS - start)) || printf ' no (after %ss)\n' $((SECONDS - start))
  return "$status"
}

# run_step TITLE LOG-NAME REMEDY COMMAND... : as try_step, but a failure ends the set-up, with the log's tail and the remedy.
run_step() {
  local title=$1 log=$TOOLS/log/$2.log remedy=$3
  shift 3
  try_step "$title" "$(basename "$log" .log)" "$@" && return
  printf 'the end of %s:\n' "${log#"$ROOT"/}" >&2
  tail -n 25 "$log" | sed 's/^/    /' >&2
  die "failed: $title" "$remedy"
}

# Stamps make a second set-up instant: a step is done if its stamp, whose name holds every version it rests on, is there.
stamped() { [ -e "$TOOLS/stamp/$1" ]; }
stamp() { mkdir -p "$TOOLS/stamp" && touch "$TOOLS/stamp/$1"; }

# as_root COMMAND... : runs it as root, or prints it for the user to run.
as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif sudo -n true 2>/dev/null; then
    sudo -n "$@"
  else
    die "this step needs root" "run by hand: sudo $*   (then call make again)"
  fi
}
