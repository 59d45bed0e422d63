# For the scripts beside it, which set $kapell: what a figure has to be read with, and waiting without polling the server.

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
