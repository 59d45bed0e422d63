#!/usr/bin/env bash
# Measures how fast and how small Kapell starts, from the command to the API and to a Ready node, on a trained start.
#
#   startup.sh KLOAD [RUNS]
#
# KLOAD: a program whose commands ready (asks /readyz until it answers 200) and rss (resident memory, idle CPU) print JSON.
# As root, the node is measured too, on this machine's containerd; else only the API (--no-node).
# KAPELL names another launcher, PORT another port; NO_NODE=1 leaves the node out.
set -euo pipefail

[ $# -ge 1 ] || { sed -n '2,9s/^# \{0,1\}//p' "$0" >&2; exit 2; }
kload=$1 runs=${2:-5}
here=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)
kapell=${KAPELL:-$here/../kapell}
port=${PORT:-26443}
work=$(mktemp -d)
server=

stop() {
  [ -z "$server" ] || { kill "$server" 2>/dev/null && wait "$server" 2>/dev/null; } || true
  server=
}
trap 'stop; rm -rf "$work"' EXIT

. "$here/machine.sh"
"$kapell" version >/dev/null # builds and trains, if that has not been done
machine

# start DATA OPTIONS…: starts a server and prints when its API was ready.
start() {
  local data=$1 since
  shift
  since=$(date +%s%N)
  "$kapell" server --bind 127.0.0.1 --port "$port" --data-dir "$data" "$@" >"$work/log" 2>&1 &
  server=$!
  await_file "$data/run/ready" 60 || { cat "$work/log" >&2; exit 1; }
  "$kload" ready -kubeconfig "$data/admin.kubeconfig" -since "$since" -label "$(basename "$data")" -pids "kapell=$server"
}

field() { python3 -c 'import json, statistics, sys
rows = [json.loads(line) for line in sys.stdin]
print(f"{statistics.median(row[sys.argv[1]] for row in rows):.2f}")' "$1"; }

for run in $(seq "$runs"); do
  start "$work/fresh-$run" --no-node >>"$work/fresh.json"
  stop
  rm -f "$work/fresh-$run/run/ready"
  start "$work/fresh-$run" --no-node >>"$work/restart.json"
  [ "$run" = "$runs" ] || stop
done
sleep 10
"$kload" rss -pids "kapell=$server" -over 10s >"$work/idle.json"
stop
echo "| what, without a node, median of $runs | |"
echo "|---|---|"
echo "| API ready, first start (keys are made) | $(field ready_s <"$work/fresh.json") s |"
echo "| API ready, later start | $(field ready_s <"$work/restart.json") s |"
echo "| CPU until then, first start | $(field cpu_s_kapell <"$work/fresh.json") s |"
echo "| idle, resident memory | $(field rss_mb_kapell <"$work/idle.json") MB |"
echo "| idle, of a core | $(python3 -c 'import json, sys
row = json.loads(sys.stdin.readline())
print(next((f"{v:.1f} %" for k, v in row.items() if k.startswith("cpu_pct")), "unknown"))' <"$work/idle.json") |"

[ "$(id -u)" = 0 ] && [ -z "${NO_NODE:-}" ] || exit 0
echo
# node FILE: starts a server with a node; writes when its API was ready, prints when kubectl saw the node Ready.
node() {
  local since
  since=$(date +%s%N)
  start "$work/node" --agent-port $((port + 1)) >"$1"
  KAPELL_DATA_DIR=$work/node "$kapell" kubectl wait --for=condition=Ready node --all --timeout=60s >/dev/null
  took=$((($(date +%s%N) - since) / 1000000))
}

node "$work/node.json"
first=$took
stop
rm -f "$work/node/run/ready"
# The node object is still there and says Ready from before: only the first start says how long becoming so takes.
node "$work/again.json"
echo "| what, with this machine as a node | first start | later start |"
echo "|---|---|---|"
echo "| API ready | $(field ready_s <"$work/node.json") s | $(field ready_s <"$work/again.json") s |"
echo "| node Ready, as kubectl saw it | $first ms | $took ms |"
sleep 10
echo "| idle, resident memory of the Java process | | $(awk '/VmRSS/ { printf "%.0f", $2 / 1024 }' "/proc/$server/status") MiB |"
if [ -d "$here/../examples/hello" ]; then
  "$kapell" up "$here/../examples/hello" --data-dir "$work/node" >/dev/null
  before=$(date +%s%N)
  "$kapell" up "$here/../examples/hello" --data-dir "$work/node" >/dev/null
  echo "| up with nothing to do | | $((($(date +%s%N) - before) / 1000000)) ms |"
fi
"$kapell" down --purge --data-dir "$work/node" >/dev/null 2>&1 || true
stop
