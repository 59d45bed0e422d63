#!/usr/bin/env bash
# Prints what the controllers do on this machine, on simulated nodes, as a table. Takes some minutes, and needs a machine that
# does nothing else. Build first: mvn -pl bench -am -Dquick -DskipTests install
#
#   controllers.sh [ROW…]        scale rollouts idle memory; all without a word. scale=2000 and rollouts=200 are smaller ones
#   controllers.sh --peer PEER_KUBECONFIG OUR_KUBECONFIG [ROW…]
#                                scale and rollouts in turn, against two servers that run and have no node. The nodes are
#                                simulated in a process beside them, for both by the same code; both sides pay for HTTP.
#
# Without --peer the rows but memory run in one process on a store in memory, as kapell simulate does. RUNS repeats (default 1;
# with --peer 3), PORT is that of the row memory, KAPELL names another launcher.
set -euo pipefail
here=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)
kapell=${KAPELL:-$here/../kapell}
port=${PORT:-26445}

# As the launcher starts a server: with the cache of classes and profiles that it trains once (machine() does), unless KAPELL_NO_AOT.
# What is behind the jar on the class path is only known to this process.
control() {
  local aot=
  [ -n "${KAPELL_NO_AOT:-}" ] || aot="-Xlog:disable -XX:-UsePerfData -XX:AOTCache=$here/../app/target/kapell.aot"
  "$java" -Xmx"${HEAP:-1400m}" $serving $aot -Djava.util.logging.config.file="$here/simulate.properties" \
    -cp "$here/../app/target/kapell.jar:$(ls "$here"/target/kapell-bench-*.jar)" dev.kapell.bench.controlling.Controlling "$@"
}

# memory: the whole process with 5,000 nodes and 50,000 pods, when they run and a minute later.
memory() {
  local work server end
  work=$(mktemp -d)
  "$kapell" simulate --nodes 5000 --pods 50000 --port "$port" --data-dir "$work/data" >"$work/out" 2>&1 &
  server=$!
  trap 'kill "$server" 2>/dev/null || true; rm -rf "$work"' RETURN
  end=$(($(date +%s) + 600))
  until grep -q "pods running" "$work/out"; do
    [ "$(date +%s)" -lt "$end" ] && kill -0 "$server" || { cat "$work/out" >&2; return 1; }
    sleep 0.2
  done
  sleep 60
  echo "| kapell simulate, $(grep "pods running" "$work/out") | $(awk '/VmRSS/ { printf "%.0f", $2 / 1024 }' "/proc/$server/status") MiB resident a minute later, $(awk '/VmHWM/ { printf "%.0f", $2 / 1024 }' "/proc/$server/status") at most |"
}

. "$here/machine.sh"
if [ "${1:-}" = --peer ]; then
  [ $# -ge 3 ] || { sed -n '2,12s/^# \{0,1\}//p' "$0" >&2; exit 2; }
  peer=$2 ours=$3
  shift 3
  [ $# -gt 0 ] || set -- scale rollouts
  machine
  for row in "$@"; do
    for _ in $(seq "${RUNS:-3}"); do
      echo "peer   $(control --kubeconfig "$peer" "$row")"
      echo "kapell $(control --kubeconfig "$ours" "$row")"
    done
  done
  exit
fi

[ $# -gt 0 ] || set -- scale rollouts idle memory
machine
echo "| what | figure |"
echo "|---|---|"
for row in "$@"; do
  for _ in $(seq "${RUNS:-1}"); do
    if [ "$row" = memory ]; then memory; else control "$row"; fi
  done
done
