#!/usr/bin/env bash
# Prints how much slower a polite client is beside a greedy one, on a server of its own.
# Build first: mvn -pl bench -am -Dquick -DskipTests install
#
#   fairness.sh [SECONDS [create|get|list]]
#
# KAPELL names another launcher, PORT another port.
set -euo pipefail
here=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)
kapell=${KAPELL:-$here/../kapell}
port=${PORT:-26444}
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
work=$(mktemp -d)
server=

finish() {
  [ -z "$server" ] || { kill "$server" 2>/dev/null && wait "$server" 2>/dev/null; } || true
  rm -rf "$work"
}
trap finish EXIT

. "$here/machine.sh"
"$kapell" version >/dev/null # builds and trains, if that has not been done
machine
"$kapell" server --no-node --bind 127.0.0.1 --port "$port" --data-dir "$work/data" >"$work/log" 2>&1 &
server=$!
await_file "$work/data/run/ready" 60 || { cat "$work/log" >&2; exit 1; }
"$java" -Xmx256m -XX:+UseSerialGC -cp "$here/target/classes:$here/../app/target/kapell.jar" \
  dev.kapell.bench.fair.Fairness "$work/data/admin.kubeconfig" "$port" "${1:-4}" ${2:+"$2"}
