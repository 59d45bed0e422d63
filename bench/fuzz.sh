#!/usr/bin/env bash
# Sends REQUESTS odd requests, the same ones for the same SEED, to a server of its own; fails when one is answered with a 5xx
# that has no good reason, or not at all, or lets somebody further than they may. Build first: mvn -pl bench -am -Dquick -DskipTests install
#
#   fuzz.sh SEED REQUESTS [SENDERS]
set -euo pipefail
[ $# -ge 2 ] || { sed -n '2,6s/^# \{0,1\}//p' "$0" >&2; exit 2; }
here=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)
. "$here/machine.sh"
exec "$java" -Xmx"${FUZZ_HEAP:-256m}" -XX:+UseSerialGC -XX:+UseCompactObjectHeaders --sun-misc-unsafe-memory-access=allow \
  --enable-native-access=ALL-UNNAMED -cp "$here/target/classes:$here/../app/target/kapell.jar" dev.kapell.bench.fuzz.Fuzz "$@"
