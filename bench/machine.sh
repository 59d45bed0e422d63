# For the scripts beside it, which set $kapell: what a figure has to be read with, and waiting without polling the server.

# What the launcher gives a server (its heap and its AOT cache apart): a bench without that mostly measures the compiler.
serving="-XX:+UseSerialGC -XX:+UseCompactObjectHeaders --sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED
  -XX:MaxInlineLevel=9 -XX:InlineSmallCode=1000 -XX:FreqInlineSize=100"
[ "$(id -u)" != 0 ] || serving="$serving -XX:ThreadPriorityPolicy=1 -XX:CompilerThreadPriority=10"

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
