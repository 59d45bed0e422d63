# For the scripts beside it: sets $java to a JDK 25's; tells what a figure has to be read with ($kapell is the launcher).

# What the launcher gives a server (its heap and its AOT cache apart): a bench without that mostly measures the compiler.
serving="-XX:+UseSerialGC -XX:+UseCompactObjectHeaders --sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED
  -XX:MaxInlineLevel=9 -XX:InlineSmallCode=1000 -XX:FreqInlineSize=100"
[ "$(id -u)" != 0 ] || serving="$serving -XX:ThreadPriorityPolicy=1 -XX:CompilerThreadPriority=10"

java=
for candidate in "${KAPELL_JAVA_HOME:-}" "${JAVA_HOME:-}" /usr/lib/jvm/*25* /opt/*jdk*25*; do
  if [ -x "$candidate/bin/java" ] && grep -q '^JAVA_VERSION="\(2[5-9]\|[3-9][0-9]\)' "$candidate/release" 2>/dev/null; then
    java=$candidate/bin/java
    break
  fi
done
[ -n "$java" ] || { echo "no JDK 25 found. Install one, or set JAVA_HOME to it." >&2; exit 1; }

machine() {
  echo "Machine: $(nproc) cores ($(awk -F': ' '/model name/ { print $2; exit }' /proc/cpuinfo)), $(awk '/MemTotal/ { printf "%.0f GiB", $2 / 1048576 }' /proc/meminfo)"
  echo "Kernel: $(uname -sr); $("$kapell" version 2>/dev/null | head -n 1)"
  echo "Date: $(date -u +%FT%TZ), load $(cut -d' ' -f1-3 /proc/loadavg)"
  echo
}

# await_file PATH SECONDS
await_file() {
  local end=$(($(date +%s) + $2))
  until [ -e "$1" ]; do
    [ "$(date +%s)" -lt "$end" ] || { echo "nothing came to $1 within $2 s" >&2; return 1; }
    sleep 0.01
  done
}
