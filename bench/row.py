"""One row of the table of compare.sh: row.py NAME FIELD OURS PEERS, two files with one JSON object a run."""

import json
import statistics
import sys

name, field, *files = sys.argv[1:]
ours, peer = ([json.loads(line) for line in open(file)] for file in files)
rate = field.endswith("_s")
unit = "/s" if rate else " ms"


def median(rows, key):
    return statistics.median(row[key] for row in rows)


def cpu(rows):
    return statistics.median(row["srv_cpu_s"] * 1000 / row.get("n", row.get("updates", 1)) for row in rows)


mine, theirs = median(ours, field), median(peer, field)
ratio = mine / theirs if rate else theirs / mine
others = statistics.median(row.get("foreign_cpu_pct", 0) for row in ours + peer)
errors = sum(row.get("errors", 0) for row in ours + peer)
print(
    f"| {name} | {mine:,.0f}{unit} | {theirs:,.0f}{unit} | {ratio:.1f} × "
    f"| {cpu(ours):.2f} ms | {cpu(peer):.2f} ms | {cpu(peer) / max(cpu(ours), 1e-9):.1f} × "
    f"| {others:.0f} %{f', {errors:.0f} errors' if errors else ''} |",
    flush=True,
)
