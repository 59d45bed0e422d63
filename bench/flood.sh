#!/usr/bin/env bash
# Plays ATTACKS hostile connections, the same ones for the same SEED, against a server of its own: floods of frames, bodies that
# unpack to much, broken handshakes, and LEECHES of each kind that hold on to connections. Prints how each was taken and what a
# polite client noticed; fails when the server puts up with one, or fails the polite client.
# Build first: mvn -pl bench -am -Dquick -DskipTests install
#
#   flood.sh SEED ATTACKS [ATTACKERS [LEECHES]]
set -euo pipefail
[ $# -ge 2 ] || { sed -n '2,7s/^# \{0,1\}//p' "$0" >&2; exit 2; }
here=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)
. "$here/machine.sh"
exec "$java" -Xmx"${FLOOD_HEAP:-256m}" -XX:+UseSerialGC -XX:+UseCompactObjectHeaders --sun-misc-unsafe-memory-access=allow \
  --enable-native-access=ALL-UNNAMED -cp "$here/target/classes:$here/../app/target/kapell.jar" dev.kapell.bench.flood.Flood "$@"
