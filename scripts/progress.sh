# Sourced by the set-up scripts: one line a step, a sign of life each second or so, the log's tail and a remedy on failure.

say() { printf '%s\n' "$*"; }

# die MESSAGE REMEDY
die() {
  printf '\n%s\n  remedy: %s\n' "$1" "$2" >&2
  exit 1
}

# start_step TITLE LOG-NAME COMMAND... : runs it with its output in .tools/log/LOG-NAME.log; STEP_STATUS is how it ended.
# To be called as a plain command: in a condition bash would go on after an error inside COMMAND.
start_step() {
  local title=$1 log=$TOOLS/log/$2.log start=$SECONDS ticks=0
  shift 2
  mkdir -p "$TOOLS/log"
  printf '%s ' "$title"
  "$@" >"$log" 2>&1 </dev/null &
  local job=$!
  # A short first wait, so that a step that takes no time costs none.
  sleep 0.1
  while kill -0 "$job" 2>/dev/null; do
    ticks=$((ticks + 1))
    if [ $((ticks % 60)) -eq 0 ]; then printf '%ss' $((SECONDS - start)); elif [ $((ticks % 3)) -eq 0 ]; then printf '.'; fi
    sleep 1
  done
  STEP_STATUS=0
  wait "$job" || STEP_STATUS=$?
  if [ "$STEP_STATUS" -eq 0 ]; then printf ' %ss\n' $((SECONDS - start)); else printf ' failed after %ss\n' $((SECONDS - start)); fi
}

# show_log LOG-NAME LINES : the end of a step's output.
show_log() {
  printf '  the end of %s:\n' ".tools/log/$1.log"
  tail -n "$2" "$TOOLS/log/$1.log" | sed 's/^/    /'
}

# run_step TITLE LOG-NAME REMEDY COMMAND... : a step without which the set-up cannot go on.
run_step() {
  local title=$1 name=$2 remedy=$3
  shift 3
  start_step "$title" "$name" "$@"
  [ "$STEP_STATUS" -ne 0 ] || return 0
  show_log "$name" 25 >&2
  die "failed: $title" "$remedy"
}

# Stamps make a second set-up instant: a step is done if its stamp, whose name holds every version it rests on, is there.
stamped() { [ -e "$TOOLS/stamp/$1" ]; }
stamp() { mkdir -p "$TOOLS/stamp" && touch "$TOOLS/stamp/$1"; }

# apt_install TITLE PACKAGE... : says what it is about to do as root; without root or sudo it names the command instead.
apt_install() {
  local title=$1 sudo=() packages=("${@:2}")
  shift
  if [ "$(id -u)" -ne 0 ]; then
    sudo=(sudo)
    # Asks for the password here and now, as the step itself cannot.
    if ! command -v sudo >/dev/null || ! { sudo -n true 2>/dev/null || { [ -t 0 ] && say "root is needed to install: $*" && sudo -v; }; }; then
      die "$title: root is needed" "as root: apt-get update && apt-get install --no-install-recommends $*   (then call make again)"
    fi
  fi
  say "as root: apt-get install $*"
  run_step "$title" apt "see the log, or install them by hand: apt-get install $*" apt_update_and_install
}

# sudo and the packages are apt_install's.
apt_update_and_install() {
  "${sudo[@]}" apt-get update
  "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${packages[@]}"
}
