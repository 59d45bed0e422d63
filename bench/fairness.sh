#!/usr/bin/env bash
# Prints how much slower a polite client is beside a greedy one, on a server of its own, and how much of that the machine
# does: the same greedy client at a second server. Servers and clients have processors of their own. The servers' heap is
# large enough for all that is created.
# Build first: mvn -pl bench -am -Dquick -DskipTests install
#
#   fairness.sh [SECONDS [create|get|list]]
#
# KAPELL names another launcher, PORT another port (and the next one).
set -euo pipefail
here=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)
kapell=${KAPELL:-$here/../kapell}
port=${PORT:-26444}
work=$(mktemp -d)
servers=

finish() {
  [ -z "$servers" ] || { kill $servers 2>/dev/null && wait $servers 2>/dev/null; } || true
  rm -rf "$work"
}
trap finish EXIT

. "$here/machine.sh"
"$kapell" version >/dev/null # builds and trains, if that has not been done
machine
for i in 0 1; do
  KAPELL_SERVER_OPTS="-Xms512m -Xmx2g ${KAPELL_SERVER_OPTS:-}" "$kapell" server --no-node --bind 127.0.0.1 --port $((port + i)) --data-dir "$work/$i" >"$work/log$i" 2>&1 &
  servers="$servers $!"
  pids[i]=$!
  await_file "$work/$i/run/ready" 60 || { cat "$work/log$i" >&2; exit 1; }
done
nice -n -10 "$java" -Xmx256m -XX:+UseSerialGC -cp "$here/target/classes:$here/../app/target/kapell.jar" \
  dev.kapell.bench.fair.Fairness "$work/0/admin.kubeconfig" "$port" "${pids[0]}" "$work/1/admin.kubeconfig" "$((port + 1))" "${pids[1]}" "${1:-4}" ${2:+"$2"}
