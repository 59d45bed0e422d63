#!/usr/bin/env bash
# Plays COUNT simulated clusters from SEED on, in PROCESSES processes at once (default: as many as there are cores). The first
# seed of a process that breaks a law is made smaller, its story printed, and the script fails. With "hash" in place of a count:
# plays one seed in two processes and fails unless both histories are the same to the byte.
# Build first: mvn -pl app -am -Dquick -DskipTests package
#
#   simulate.sh SEED COUNT [PROCESSES]
#   simulate.sh SEED hash
set -euo pipefail
[ $# -ge 2 ] || { sed -n '2,8s/^# \{0,1\}//p' "$0" >&2; exit 2; }
here=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)
. "$here/machine.sh"
seed=$1 count=$2 processes=${3:-$(nproc)}

play() {
  "$java" --add-opens java.base/java.lang=ALL-UNNAMED -Xmx1g -Xmn600m -XX:+UseSerialGC \
    -XX:+UseCompactObjectHeaders --sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED \
    -Djava.util.logging.config.file="$here/simulate.properties" -cp "$here/../app/target/kapell.jar" dev.kapell.sim.Main "$@"
}

if [ "$count" = hash ]; then
  first=$(play "$seed" hash)
  second=$(play "$seed" hash)
  echo "$first"
  [ "$first" = "$second" ] || { echo "another process plays seed $seed otherwise: $second" >&2; exit 1; }
  exit
fi

share=$(((count + processes - 1) / processes))
pids=
for ((from = 0; from < count; from += share)); do
  rest=$((count - from))
  play $((seed + from)) $((rest < share ? rest : share)) &
  pids="$pids $!"
done
status=0
for pid in $pids; do
  wait "$pid" || status=1
done
exit "$status"
