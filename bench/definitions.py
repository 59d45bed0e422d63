#!/usr/bin/env python3
"""Defines many custom kinds in one server and prints what that costs.

    definitions.py KUBECONFIG PID [HOW_MANY]

KUBECONFIG: of an administrator, with the keys in it. PID: of the server, whose memory and CPU are read. The kinds are spread over
groups of ten; each has a schema of some 60 fields. Run it against a server of its own: it leaves the definitions there.
"""
import base64, http.client, json, re, ssl, sys, tempfile, time

config, pid = sys.argv[1], sys.argv[2]
count = int(sys.argv[3]) if len(sys.argv) > 3 else 2000
text = open(config).read()


def field(name):
    return re.search(name + r':\s*"?([^\s"]+)', text).group(1)


def stored(name):
    with tempfile.NamedTemporaryFile(delete=False) as file:
        file.write(base64.b64decode(field(name)))
        return file.name


tls = ssl.create_default_context(cafile=stored("certificate-authority-data"))
tls.load_cert_chain(stored("client-certificate-data"), stored("client-key-data"))
host, port = re.match(r"https://([^:/]+):(\d+)", field("server")).groups()
connection = http.client.HTTPSConnection(host, int(port), context=tls)


def ask(method, path, body=None, accept="application/json"):
    headers = {"Accept": accept, "Content-Type": "application/json"}
    connection.request(method, path, json.dumps(body) if body else None, headers)
    answer = connection.getresponse()
    return answer.status, answer.read()


def resident():
    with open(f"/proc/{pid}/status") as status:
        return int(re.search(r"VmRSS:\s+(\d+)", status.read()).group(1)) // 1024


def cpu():
    with open(f"/proc/{pid}/stat") as stat:
        parts = stat.read().rsplit(")", 1)[1].split()
        return (int(parts[11]) + int(parts[12])) / 100


FIELDS = {
    f"field{n}": {"type": "object", "description": "What it is. " * 4, "properties": {
        "name": {"type": "string", "maxLength": 63, "pattern": "^[a-z]+$"},
        "count": {"type": "integer", "default": 1, "minimum": 0},
        "list": {"type": "array", "maxItems": 10, "items": {"type": "string"}}}}
    for n in range(15)}


def definition(n):
    group, plural = f"g{n // 10}.bench.example.com", f"things{n}"
    return group, plural, {
        "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{plural}.{group}"},
        "spec": {"group": group, "scope": "Namespaced", "names": {"plural": plural, "kind": f"Thing{n}"},
                 "versions": [{"name": "v1", "served": True, "storage": True, "subresources": {"status": {}},
                               "schema": {"openAPIV3Schema": {"type": "object", "properties": {
                                   "spec": {"type": "object", "properties": FIELDS},
                                   "status": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}}}}}]}}


def define(n):
    """Seconds until it is served, and until it is in discovery."""
    group, plural, body = definition(n)
    began = time.monotonic()
    status, answer = ask("POST", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", body)
    assert status == 201, answer
    while ask("GET", f"/apis/{group}/v1/{plural}")[0] != 200:
        pass
    served = time.monotonic() - began
    while plural.encode() not in ask("GET", f"/apis/{group}/v1")[1]:
        pass
    return served, time.monotonic() - began


def timed(name, path, accept="application/json"):
    began, used = time.monotonic(), cpu()
    status, body = ask("GET", path, accept=accept)
    assert status == 200, (path, status, body[:300])
    print(f"| {name} | {(time.monotonic() - began) * 1000:.0f} ms | {(cpu() - used) * 1000:.0f} ms | {len(body) / 1e6:.2f} MB |")


for n in range(20):  # what is measured is not the first use of the code
    define(n)
memory, used, began = resident(), cpu(), time.monotonic()
waits = [define(n) for n in range(20, count)]
print(f"{count} definitions: {time.monotonic() - began:.1f} s, server CPU {cpu() - used:.1f} s, resident {memory} → {resident()} MiB")
for name, index in (("served", 0), ("in discovery", 1)):
    for label, part in (("first 100", waits[:100]), ("last 100", waits[-100:])):
        times = sorted(wait[index] * 1000 for wait in part)
        print(f"{name} after, {label}: median {times[len(times) // 2]:.0f} ms, p99 {times[-2]:.0f} ms")
print("\n| document | time | server CPU | size |\n|---|---|---|---|")
v2 = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf"
for turn in ("built", "kept"):
    timed(f"discovery, all groups, {turn}", "/apis", "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList")
    timed(f"OpenAPI v3, index, {turn}", "/openapi/v3")
    timed(f"OpenAPI v3, one group, {turn}", "/openapi/v3/apis/g1.bench.example.com/v1")
    timed(f"OpenAPI v2, {turn}", "/openapi/v2")
    timed(f"OpenAPI v2, protobuf, {turn}", "/openapi/v2", v2)
served, discovered = define(count)
began = time.monotonic()
ask("GET", "/openapi/v3")
print(f"\none more: served after {served * 1000:.0f} ms, in discovery after {discovered * 1000:.0f} ms, OpenAPI v3 index {(time.monotonic() - began) * 1000:.0f} ms")
print(f"resident {resident()} MiB")
