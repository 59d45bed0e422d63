package dev.kapell.apiserver.table;

import static dev.kapell.apiserver.table.Cells.NONE;
import static dev.kapell.apiserver.table.Cells.orNone;
import static dev.kapell.apiserver.table.Column.age;
import static dev.kapell.apiserver.table.Column.number;
import static dev.kapell.apiserver.table.Column.objectName;
import static dev.kapell.apiserver.table.Column.text;
import static dev.kapell.apiserver.table.Column.wide;

import dev.kapell.apiserver.tree.Obj;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Tables of the core group. */
final class CoreTables {
  private CoreTables() {}

  static Map<String, List<Column>> all() {
    return Map.ofEntries(
        Map.entry("pods", pods()),
        Map.entry("nodes", nodes()),
        Map.entry("services", services()),
        Map.entry(
            "namespaces",
            List.of(objectName(), text("Status", Cells.text("status", "phase")), age())),
        Map.entry(
            "configmaps",
            List.of(
                objectName(),
                number(
                    "Data",
                    (o, _) ->
                        (long) o.child("data").map().size() + o.child("binaryData").map().size()),
                age())),
        Map.entry(
            "secrets",
            List.of(
                objectName(),
                text("Type", Cells.text("type")),
                number("Data", (o, _) -> (long) o.child("data").map().size()),
                age())),
        Map.entry(
            "serviceaccounts",
            List.of(objectName(), number("Secrets", Cells.count("secrets")), age())),
        Map.entry(
            "endpoints", List.of(objectName(), text("Endpoints", (o, _) -> endpoints(o)), age())),
        Map.entry("events", events()),
        Map.entry("persistentvolumes", volumes()),
        Map.entry("persistentvolumeclaims", claims()),
        Map.entry("replicationcontrollers", controllers()),
        Map.entry("resourcequotas", quotas()),
        Map.entry(
            "limitranges",
            List.of(objectName(), text("Created At", Cells.text("metadata", "creationTimestamp")))),
        Map.entry("podtemplates", podTemplates()));
  }

  private static List<Column> pods() {
    return List.of(
        objectName(),
        text("Ready", (o, _) -> PodStatus.of(o).ready() + "/" + PodStatus.of(o).total()),
        text("Status", (o, _) -> PodStatus.of(o).word()),
        text("Restarts", (o, now) -> PodStatus.of(o).restarts(now)),
        age(),
        wide("IP", (o, _) -> orNone(o.child("status").text("podIP"))),
        wide("Node", (o, _) -> orNone(o.child("spec").text("nodeName"))),
        wide("Nominated Node", (o, _) -> orNone(o.child("status").text("nominatedNodeName"))),
        wide("Readiness Gates", (o, _) -> gates(o)));
  }

  private static String gates(Obj pod) {
    List<Obj> gates = pod.child("spec").items("readinessGates");
    long met =
        gates.stream()
            .filter(
                gate ->
                    pod.child("status").items("conditions").stream()
                        .anyMatch(
                            each ->
                                each.text("type").equals(gate.text("conditionType"))
                                    && each.text("status").equals("True")))
            .count();
    return gates.isEmpty() ? NONE : met + "/" + gates.size();
  }

  private static List<Column> nodes() {
    return List.of(
        objectName(),
        text("Status", (o, _) -> nodeStatus(o)),
        text("Roles", (o, _) -> roles(o)),
        age(),
        text("Version", (o, _) -> info(o).text("kubeletVersion")),
        wide("Internal-IP", (o, _) -> address(o, "InternalIP")),
        wide("External-IP", (o, _) -> address(o, "ExternalIP")),
        wide("OS-Image", (o, _) -> unknown(info(o).text("osImage"))),
        wide("Kernel-Version", (o, _) -> unknown(info(o).text("kernelVersion"))),
        wide("Container-Runtime", (o, _) -> unknown(info(o).text("containerRuntimeVersion"))));
  }

  private static Obj info(Obj node) {
    return node.child("status").child("nodeInfo");
  }

  private static String unknown(String text) {
    return text.isEmpty() ? "<unknown>" : text;
  }

  private static String nodeStatus(Obj node) {
    String ready =
        node.child("status").items("conditions").stream()
            .filter(each -> each.text("type").equals("Ready"))
            .map(each -> each.text("status").equals("True") ? "Ready" : "NotReady")
            .findFirst()
            .orElse("Unknown");
    return node.child("spec").flag("unschedulable") ? ready + ",SchedulingDisabled" : ready;
  }

  private static String roles(Obj node) {
    String prefix = "node-role.kubernetes.io/";
    TreeSet<String> roles = new TreeSet<>();
    node.child("metadata")
        .strings("labels")
        .forEach(
            (key, value) -> {
              if (key.startsWith(prefix) && key.length() > prefix.length()) {
                roles.add(key.substring(prefix.length()));
              } else if (key.equals("kubernetes.io/role") && !value.isEmpty()) {
                roles.add(value);
              }
            });
    return roles.isEmpty() ? NONE : String.join(",", roles);
  }

  private static String address(Obj node, String type) {
    return node.child("status").items("addresses").stream()
        .filter(each -> each.text("type").equals(type))
        .map(each -> each.text("address"))
        .findFirst()
        .orElse(NONE);
  }

  private static List<Column> services() {
    return List.of(
        objectName(),
        text("Type", Cells.text("spec", "type")),
        text("Cluster-IP", (o, _) -> orNone(o.child("spec").text("clusterIP"))),
        text("External-IP", (o, _) -> external(o)),
        text("Port(s)", (o, _) -> ports(o)),
        age(),
        Cells.selector());
  }

  private static String external(Obj service) {
    Obj spec = service.child("spec");
    String listed = String.join(",", spec.texts("externalIPs"));
    return switch (spec.text("type")) {
      case "ExternalName" -> orNone(spec.text("externalName"));
      case "LoadBalancer" -> {
        String given = Cells.balancers(service);
        String all = given.isEmpty() || listed.isEmpty() ? given + listed : given + "," + listed;
        yield all.isEmpty() ? "<pending>" : all;
      }
      default -> orNone(listed);
    };
  }

  private static String ports(Obj service) {
    return orNone(
        service.child("spec").items("ports").stream()
            .map(
                port -> {
                  long node = port.number("nodePort", 0);
                  return port.number("port", 0)
                      + (node == 0 ? "" : ":" + node)
                      + "/"
                      + port.text("protocol");
                })
            .collect(Collectors.joining(",")));
  }

  private static String endpoints(Obj endpoints) {
    List<String> all = new ArrayList<>();
    for (Obj subset : endpoints.items("subsets")) {
      List<String> addresses =
          subset.items("addresses").stream().map(each -> each.text("ip")).toList();
      if (subset.items("ports").isEmpty()) {
        all.addAll(addresses);
      }
      for (Obj port : subset.items("ports")) {
        addresses.forEach(address -> all.add(address + ":" + port.number("port", 0)));
      }
    }
    return Cells.some(all, NONE);
  }

  static List<Column> events() {
    return List.of(
        text("Last Seen", (o, now) -> lastSeen(o, now)),
        text("Type", Cells.text("type")),
        text("Reason", Cells.text("reason")),
        text("Object", (o, _) -> regarding(o)),
        wide("Subobject", (o, _) -> involved(o).text("fieldPath")),
        wide("Source", (o, _) -> source(o)),
        text("Message", (o, _) -> (o.text("message") + o.text("note")).strip()),
        wide(
            "First Seen",
            (o, now) ->
                Age.since(
                    first(o, "firstTimestamp", "deprecatedFirstTimestamp", "eventTime"), now)),
        wide(
            "Count",
            (o, _) ->
                Long.toString(
                    o.child("series")
                        .number("count", o.number("count", o.number("deprecatedCount", 1))))),
        new Column(
            "Name", "string", "name", 1, "Name of the object.", Cells.text("metadata", "name")));
  }

  private static Obj involved(Obj event) {
    return event.has("involvedObject") ? event.child("involvedObject") : event.child("regarding");
  }

  private static String regarding(Obj event) {
    return involved(event).text("kind").toLowerCase(java.util.Locale.ROOT)
        + "/"
        + involved(event).text("name");
  }

  private static String source(Obj event) {
    Obj source = event.has("source") ? event.child("source") : event.child("deprecatedSource");
    String component =
        source.text("component").isEmpty()
            ? event.text("reportingController") + event.text("reportingComponent")
            : source.text("component");
    String instance =
        source.text("host").isEmpty() ? event.text("reportingInstance") : source.text("host");
    return instance.isEmpty() ? component : component + ", " + instance;
  }

  private static String lastSeen(Obj event, Instant now) {
    String series = event.child("series").text("lastObservedTime");
    String last =
        series.isEmpty()
            ? first(
                event, "lastTimestamp", "deprecatedLastTimestamp", "eventTime", "firstTimestamp")
            : series;
    return Age.since(last, now);
  }

  private static String first(Obj event, String... fields) {
    for (String field : fields) {
      if (!event.text(field).isEmpty()) {
        return event.text(field);
      }
    }
    return "";
  }

  private static List<Column> volumes() {
    return List.of(
        objectName(),
        text(
            "Capacity",
            (o, _) ->
                String.valueOf(
                    o.child("spec").child("capacity").map().getOrDefault("storage", ""))),
        text("Access Modes", (o, _) -> Cells.accessModes(o.child("spec").texts("accessModes"))),
        text("Reclaim Policy", Cells.text("spec", "persistentVolumeReclaimPolicy")),
        text("Status", (o, _) -> deleting(o)),
        text(
            "Claim",
            (o, _) -> {
              Obj claim = o.child("spec").child("claimRef");
              return claim.text("name").isEmpty()
                  ? ""
                  : claim.text("namespace") + "/" + claim.text("name");
            }),
        text("StorageClass", Cells.text("spec", "storageClassName")),
        text(
            "VolumeAttributesClass",
            (o, _) -> unset(o.child("spec").text("volumeAttributesClassName"))),
        text("Reason", Cells.text("status", "reason")),
        age(),
        wide("VolumeMode", (o, _) -> unset(o.child("spec").text("volumeMode"))));
  }

  private static List<Column> claims() {
    return List.of(
        objectName(),
        text("Status", (o, _) -> deleting(o)),
        text("Volume", Cells.text("spec", "volumeName")),
        text(
            "Capacity",
            (o, _) ->
                String.valueOf(
                    o.child("status").child("capacity").map().getOrDefault("storage", ""))),
        text("Access Modes", (o, _) -> Cells.accessModes(o.child("status").texts("accessModes"))),
        text("StorageClass", Cells.text("spec", "storageClassName")),
        text(
            "VolumeAttributesClass",
            (o, _) -> unset(o.child("spec").text("volumeAttributesClassName"))),
        age(),
        wide("VolumeMode", (o, _) -> unset(o.child("spec").text("volumeMode"))));
  }

  private static String unset(String text) {
    return text.isEmpty() ? Cells.UNSET : text;
  }

  private static String deleting(Obj object) {
    boolean going = !object.child("metadata").text("deletionTimestamp").isEmpty();
    return going ? "Terminating" : object.child("status").text("phase");
  }

  private static List<Column> controllers() {
    return List.of(
        objectName(),
        number("Desired", Cells.number("spec", "replicas")),
        number("Current", Cells.number("status", "replicas")),
        number("Ready", Cells.number("status", "readyReplicas")),
        age(),
        Cells.containers().get(0),
        Cells.containers().get(1),
        Cells.selector());
  }

  private static List<Column> quotas() {
    return List.of(
        objectName(),
        text("Request", (o, _) -> used(o, false)),
        text("Limit", (o, _) -> used(o, true)),
        age());
  }

  private static String used(Obj quota, boolean limits) {
    Obj used = quota.child("status").child("used");
    return quota.child("status").child("hard").map().entrySet().stream()
        .filter(entry -> entry.getKey().startsWith("limits.") == limits)
        .map(
            entry ->
                entry.getKey()
                    + ": "
                    + used.map().getOrDefault(entry.getKey(), "0")
                    + "/"
                    + entry.getValue())
        .sorted()
        .collect(Collectors.joining(", "));
  }

  private static List<Column> podTemplates() {
    return List.of(
        objectName(),
        text(
            "Containers",
            (o, _) -> Cells.join(o.child("template").child("spec").items("containers"), "name")),
        text(
            "Images",
            (o, _) -> Cells.join(o.child("template").child("spec").items("containers"), "image")),
        text(
            "Pod Labels",
            (o, _) -> Cells.labels(o.child("template").child("metadata").strings("labels"))));
  }
}
