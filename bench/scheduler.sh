#!/usr/bin/env bash
# Prints what the scheduler does in a second on this machine, as a table. Takes some ten minutes, and needs a machine that
# does nothing else. Build first: mvn -pl bench -am -Dquick -DskipTests install
#
#   scheduler.sh [ROW…]          placement live backlog large anti-affinity spread preemption; all without a word
#   scheduler.sh --peer KUBECONFIG OURS [KLOAD]
#                                the load tool's own scheduler cases, in turn against a peer and a server of ours that runs
#
# Rows but the first go over the API pipeline and a store on disk, in one process; they say how much processor a pod costs the
# whole process, which is steadier than the speed.
set -euo pipefail
here=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)
kapell=${KAPELL:-$here/../kapell}

if [ "${1:-}" = --peer ]; then
  [ $# -ge 3 ] || { sed -n '5,8s/^# \{0,1\}//p' "$0" >&2; exit 2; }
  kload=${4:-kload}
  for case in basic anti-affinity spread preemption; do
    for side in "peer $2" "kapell $3"; do
      read -r name config <<<"$side"
      extra=
      [ "$case" != preemption ] || extra="-init-pods 2000 -pods 500"
      # shellcheck disable=SC2086
      KUBECONFIG=$config "$kload" sched -content-type protobuf -case "$case" -nodes 500 -pods "${PODS:-2000}" $extra -groups 20 \
        -label "$name" -runs "${RUNS:-3}"
    done
  done
  exit
fi

. "$here/machine.sh"
machine
echo "| what | figure |"
echo "|---|---|"
exec "$java" -Xmx"${HEAP:-1500m}" $serving \
  -cp "$here/target/classes:$here/../app/target/kapell.jar" \
  dev.kapell.bench.scheduling.Scheduling "$@"
