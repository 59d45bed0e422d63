#!/usr/bin/env bash
# Measures Kapell's API server and another one (the peer) in turn, with the same load, and prints ratios.
#
#   compare.sh KLOAD PEER_KUBECONFIG PEER_PIDS [full|short]
#
# KLOAD: a load generator with the commands create, get, patch, update, delete, populate, list and watch, which prints one
# JSON object a run. PEER_PIDS: name=pid,… of all processes of the peer; their CPU is counted. The peer has to be running.
# KAPELL names another launcher, PORT another port. JAVA options of the server: KAPELL_SERVER_OPTS.
set -euo pipefail

[ $# -ge 3 ] || { sed -n '2,9s/^# \{0,1\}//p' "$0" >&2; exit 2; }
kload=$1 peer_config=$2 peer_pids=$3 size=${4:-full}
here=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)
kapell=${KAPELL:-$here/../kapell}
port=${PORT:-26443}
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

case $size in
  full) n=2500 one=600 gets=6000 runs=3 warm=40 big=10000 lists=5 ;;
  short) n=1500 one=300 gets=3000 runs=1 warm=8 big=10000 lists=3 ;;
  *) echo "compare.sh: neither full nor short: $size" >&2; exit 2 ;;
esac

# load SIDE ARGUMENTS…: runs one line of load and prints its JSON.
load() {
  local side=$1
  shift
  if [ "$side" = kapell ]; then
    "$kload" "$@" -kubeconfig "$work/data/admin.kubeconfig" -pids "kapell=$server"
  else
    "$kload" "$@" -kubeconfig "$peer_config" -pids "$peer_pids"
  fi
}

# turn NAME FIELD ARGUMENTS…: both sides, run by run in turn; prints the row.
turn() {
  local name=$1 field=$2 run side
  shift 2
  for run in $(seq "$runs"); do
    for side in kapell peer; do
      load "$side" "$@" >>"$work/$side.$name"
    done
  done
  python3 "$here/row.py" "$name" "$field" "$work/kapell.$name" "$work/peer.$name"
}

echo "| what | kapell | peer | ratio | kapell, server CPU each | peer, server CPU each | ratio | others used |"
echo "|---|---|---|---|---|---|---|---|"
# Both sides are measured as they are after some minutes of work: what is created here is deleted again.
for side in kapell peer; do
  for _ in $(seq "$warm"); do load "$side" delete -n "$n" -conc 32 >/dev/null; done
done
for side in kapell peer; do
  load "$side" get -n "$gets" -conc 32 >/dev/null
  load "$side" patch -n "$n" -conc 32 >/dev/null
  load "$side" update -n "$n" -conc 32 >/dev/null
done
turn "create, 32 callers" ops_s create -n "$n" -conc 32
turn "create, 1 caller" ops_s create -n "$one" -conc 1
turn "get, 32 callers" ops_s get -n "$gets" -conc 32
turn "get, 32 callers, protobuf" ops_s get -n "$gets" -conc 32 -content-type protobuf
turn "patch strategic, 32 callers" ops_s patch -n "$n" -conc 32
turn "apply, 32 callers" ops_s patch -n "$n" -conc 32 -patch-type apply
turn "update, 32 callers" ops_s update -n "$n" -conc 32
turn "delete, 32 callers" ops_s delete -n "$n" -conc 32
watch="watch, 100 watchers, events"
turn "$watch" events_s watch -watchers 100 -updates 500
python3 "$here/row.py" "watch, delivery p99" p99_ms "$work/kapell.$watch" "$work/peer.$watch"
for side in kapell peer; do
  load "$side" populate -namespace list1k -pods 1000 >/dev/null
  load "$side" populate -namespace list10k -pods "$big" >/dev/null
done
for side in kapell peer; do
  load "$side" list -namespace list10k -n $((lists * 2)) >/dev/null
  load "$side" list -namespace list10k -n "$lists" -content-type protobuf >/dev/null
done
turn "list 1,000 pods" mean_ms list -namespace list1k -n $((lists * 4))
turn "list 10,000 pods" mean_ms list -namespace list10k -n "$lists"
turn "list 10,000 pods, from the cache" mean_ms list -namespace list10k -n "$lists" -rv 0

turn "list 10,000 pods, protobuf" mean_ms list -namespace list10k -n "$lists" -content-type protobuf
turn "list 10,000 pods, selector" mean_ms list -namespace list10k -n "$lists" -selector app=app-7

# resident PIDS: the MiB of memory of all processes in name=pid,…
resident() {
  local pid total=0
  for pid in $(tr ',' '\n' <<<"$1" | cut -d= -f2); do
    total=$((total + $(awk '/VmRSS/ { print $2 }' "/proc/$pid/status")))
  done
  echo $((total / 1024))
}

echo
echo "Resident memory after it, with 11,000 pods: kapell $(resident "kapell=$server") MiB, peer $(resident "$peer_pids") MiB ($peer_pids)"

# policed: what 20 admission policies in CEL, each of which says yes, add to a create (Kapell alone).
policed() {
  local number namespace run
  {
    printf 'apiVersion: v1\nkind: Namespace\nmetadata: {name: policed, labels: {policed: "yes"}}\n'
    for number in $(seq 20); do
      cat <<POLICY
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: bench-$number}
spec:
  failurePolicy: Fail
  matchConstraints:
    resourceRules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [pods]}]
  variables:
  - {name: containers, expression: "object.spec.containers + object.spec.?initContainers.orValue([])"}
  validations:
  - {expression: "variables.containers.all(c, size(c.image) < 200 + $number)", message: "too long"}
  - {expression: "!has(object.spec.hostNetwork) || !object.spec.hostNetwork", message: "no host network"}
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: bench-$number}
spec:
  policyName: bench-$number
  validationActions: [Deny]
  matchResources: {namespaceSelector: {matchLabels: {policed: "yes"}}}
POLICY
    done
  } >"$work/policies.yaml"
  "$kapell" apply "$work/policies.yaml" --data-dir "$work/data" >/dev/null
  for run in $(seq $((runs + 2))); do
    for namespace in policed free; do
      load kapell delete -n "$n" -conc 32 -namespace "$namespace" >/dev/null
    done
  done
  for run in $(seq "$runs"); do
    for namespace in policed free; do
      load kapell create -n "$n" -conc 32 -namespace "$namespace" >>"$work/$namespace"
    done
  done
  python3 - "$work/policed" "$work/free" <<'RATIO'
import json, statistics, sys

def of(file):
    rows = [row for row in map(json.loads, open(file)) if "srv_cpu_s" in row]
    return (statistics.median(row["mean_ms"] for row in rows),
            statistics.median(1000 * row["srv_cpu_s"] / row["n"] for row in rows))

(slow, costly), (quick, cheap) = of(sys.argv[1]), of(sys.argv[2])
print(f"A create that passes 20 CEL policies, 32 callers: {slow:.1f} ms, CPU {costly:.2f} ms; "
      f"without: {quick:.1f} ms, CPU {cheap:.2f} ms; {slow / quick:.2f} x, CPU {costly / cheap:.2f} x")
RATIO
}

policed

# idle_watches N: what N watches that hear nothing cost in heap.
idle_watches() {
  local java jcmd before during
  java=$(readlink -f "/proc/$server/exe")
  jcmd=$(dirname "$java")/jcmd
  [ -x "$jcmd" ] || { echo "Idle watches: not measured, $jcmd is missing"; return; }
  before=$(heap "$jcmd")
  load kapell watch -namespace idle -watchers "$1" -watch-conns 20 -updates 2 -rate 0.02 >/dev/null &
  local opened=$!
  sleep 40 # the watches are open and have heard one update each; the next comes after 50 s
  during=$(heap "$jcmd")
  wait "$opened"
  echo "Heap of an idle watch over HTTP/2, $1 of them: $(((during - before) * 1024 / $1)) bytes"
}

# heap JCMD: KiB in use after a collection.
heap() {
  "$1" "$server" GC.run >/dev/null
  "$1" "$server" GC.heap_info | grep -oE 'used [0-9]+K' | tr -dc '0-9\n' | head -n 2 | paste -sd+ | bc
}

idle_watches 10000
