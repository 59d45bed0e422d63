package dev.kapell.apiserver.table;

import static dev.kapell.apiserver.table.Cells.NONE;
import static dev.kapell.apiserver.table.Cells.orNone;
import static dev.kapell.apiserver.table.Column.age;
import static dev.kapell.apiserver.table.Column.number;
import static dev.kapell.apiserver.table.Column.objectName;
import static dev.kapell.apiserver.table.Column.text;
import static dev.kapell.apiserver.table.Column.wide;

import dev.kapell.apiserver.tree.Obj;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Tables of the named groups, by {@code resource.group}. */
final class GroupTables {
  /** What a Job's status may be, the weightiest first. */
  private static final List<String> JOB_STATUS =
      List.of(
          "Complete", "Failed", "Terminating", "Suspended", "FailureTarget", "SuccessCriteriaMet");

  private GroupTables() {}

  static Map<String, List<Column>> all() {
    return Map.ofEntries(
        Map.entry("deployments.apps", deployments()),
        Map.entry("replicasets.apps", replicaSets()),
        Map.entry("statefulsets.apps", statefulSets()),
        Map.entry("daemonsets.apps", daemonSets()),
        Map.entry("controllerrevisions.apps", revisions()),
        Map.entry("jobs.batch", jobs()),
        Map.entry("cronjobs.batch", cronJobs()),
        Map.entry("horizontalpodautoscalers.autoscaling", autoscalers()),
        Map.entry("ingresses.networking.k8s.io", ingresses()),
        Map.entry(
            "ingressclasses.networking.k8s.io",
            List.of(
                objectName(),
                text("Controller", Cells.text("spec", "controller")),
                text("Parameters", (o, _) -> orNone(parameters(o))),
                age())),
        Map.entry(
            "networkpolicies.networking.k8s.io",
            List.of(
                objectName(),
                text(
                    "Pod-Selector", (o, _) -> Cells.selector(o.child("spec").child("podSelector"))),
                age())),
        Map.entry("endpointslices.discovery.k8s.io", slices()),
        Map.entry("events.events.k8s.io", CoreTables.events()),
        Map.entry("roles.rbac.authorization.k8s.io", List.of(objectName(), created())),
        Map.entry("clusterroles.rbac.authorization.k8s.io", List.of(objectName(), created())),
        Map.entry("rolebindings.rbac.authorization.k8s.io", bindings()),
        Map.entry("clusterrolebindings.rbac.authorization.k8s.io", bindings()),
        Map.entry(
            "leases.coordination.k8s.io",
            List.of(objectName(), text("Holder", Cells.text("spec", "holderIdentity")), age())),
        Map.entry("storageclasses.storage.k8s.io", storageClasses()),
        Map.entry(
            "priorityclasses.scheduling.k8s.io",
            List.of(
                objectName(),
                number("Value", Cells.number("value")),
                new Column(
                    "Global-Default",
                    "boolean",
                    "",
                    0,
                    "The default class.",
                    (o, _) -> o.flag("globalDefault")),
                age(),
                text(
                    "PreemptionPolicy",
                    (o, _) ->
                        o.text("preemptionPolicy").isEmpty()
                            ? "PreemptLowerPriority"
                            : o.text("preemptionPolicy")))),
        Map.entry(
            "runtimeclasses.node.k8s.io",
            List.of(objectName(), text("Handler", Cells.text("handler")), age())),
        Map.entry("poddisruptionbudgets.policy", budgets()),
        Map.entry("certificatesigningrequests.certificates.k8s.io", requests()),
        Map.entry(
            "clustertrustbundles.certificates.k8s.io",
            List.of(objectName(), text("SignerName", Cells.text("spec", "signerName")))),
        Map.entry(
            "customresourcedefinitions.apiextensions.k8s.io", List.of(objectName(), created())),
        Map.entry(
            "apiservices.apiregistration.k8s.io",
            List.of(
                objectName(),
                text("Service", GroupTables::backend),
                text("Available", GroupTables::availability),
                age())),
        Map.entry(
            "mutatingwebhookconfigurations.admissionregistration.k8s.io",
            List.of(objectName(), number("Webhooks", Cells.count("webhooks")), age())),
        Map.entry(
            "validatingwebhookconfigurations.admissionregistration.k8s.io",
            List.of(objectName(), number("Webhooks", Cells.count("webhooks")), age())));
  }

  private static String backend(Obj apiService, Instant now) {
    Obj service = apiService.child("spec").child("service");
    return service.has("name") ? service.text("namespace") + "/" + service.text("name") : "Local";
  }

  private static String availability(Obj apiService, Instant now) {
    for (Obj condition : apiService.child("status").items("conditions")) {
      if (condition.text("type").equals("Available")) {
        String status = condition.text("status");
        return status.equals("True") ? status : status + " (" + condition.text("reason") + ")";
      }
    }
    return "Unknown";
  }

  private static Column created() {
    return text("Created At", Cells.text("metadata", "creationTimestamp"));
  }

  private static List<Column> with(List<Column> first, Column... more) {
    List<Column> all = new ArrayList<>(first);
    all.addAll(List.of(more));
    return List.copyOf(all);
  }

  private static List<Column> withPods(List<Column> first) {
    return with(first, Cells.containers().get(0), Cells.containers().get(1), Cells.selector());
  }

  private static Column ready() {
    return text(
        "Ready",
        (o, _) ->
            o.child("status").number("readyReplicas", 0)
                + "/"
                + o.child("spec").number("replicas", 0));
  }

  private static List<Column> deployments() {
    return withPods(
        List.of(
            objectName(),
            ready(),
            number("Up-to-date", Cells.number("status", "updatedReplicas")),
            number("Available", Cells.number("status", "availableReplicas")),
            age()));
  }

  private static List<Column> replicaSets() {
    return withPods(
        List.of(
            objectName(),
            number("Desired", Cells.number("spec", "replicas")),
            number("Current", Cells.number("status", "replicas")),
            number("Ready", Cells.number("status", "readyReplicas")),
            age()));
  }

  private static List<Column> statefulSets() {
    return with(
        List.of(objectName(), ready(), age()),
        Cells.containers().get(0),
        Cells.containers().get(1));
  }

  private static List<Column> daemonSets() {
    return withPods(
        List.of(
            objectName(),
            number("Desired", Cells.number("status", "desiredNumberScheduled")),
            number("Current", Cells.number("status", "currentNumberScheduled")),
            number("Ready", Cells.number("status", "numberReady")),
            number("Up-to-date", Cells.number("status", "updatedNumberScheduled")),
            number("Available", Cells.number("status", "numberAvailable")),
            text(
                "Node Selector",
                (o, _) ->
                    Cells.labels(
                        o.child("spec").child("template").child("spec").strings("nodeSelector"))),
            age()));
  }

  private static List<Column> revisions() {
    return List.of(
        objectName(),
        text(
            "Controller",
            (o, _) ->
                o.child("metadata").items("ownerReferences").stream()
                    .filter(owner -> owner.flag("controller"))
                    .map(GroupTables::owner)
                    .findFirst()
                    .orElse(NONE)),
        number("Revision", Cells.number("revision")),
        age());
  }

  /** With its group, as in {@code statefulset.apps/web}. */
  private static String owner(Obj owner) {
    String version = owner.text("apiVersion");
    int slash = version.indexOf('/');
    String group = slash < 0 ? "" : "." + version.substring(0, slash);
    return (owner.text("kind") + group).toLowerCase(Locale.ROOT) + "/" + owner.text("name");
  }

  private static List<Column> jobs() {
    return withPods(
        List.of(
            objectName(),
            text("Status", (o, _) -> jobStatus(o)),
            text("Completions", (o, _) -> completions(o)),
            text("Duration", (o, now) -> duration(o, now)),
            age()));
  }

  static String jobStatus(Obj job) {
    Set<String> holding =
        job.child("status").items("conditions").stream()
            .filter(each -> each.text("status").equals("True"))
            .map(each -> each.text("type"))
            .collect(Collectors.toSet());
    if (!job.child("metadata").text("deletionTimestamp").isEmpty()) {
      holding.add("Terminating");
    }
    return JOB_STATUS.stream().filter(holding::contains).findFirst().orElse("Running");
  }

  private static String completions(Obj job) {
    Obj spec = job.child("spec");
    long succeeded = job.child("status").number("succeeded", 0);
    if (spec.has("completions")) {
      return succeeded + "/" + spec.number("completions", 1);
    }
    long parallelism = spec.number("parallelism", 1);
    return parallelism > 1 ? succeeded + "/1 of " + parallelism : succeeded + "/1";
  }

  private static String duration(Obj job, Instant now) {
    String start = job.child("status").text("startTime");
    String end = job.child("status").text("completionTime");
    if (start.isEmpty()) {
      return "";
    }
    return end.isEmpty() ? Age.since(start, now) : Age.between(start, end);
  }

  private static List<Column> cronJobs() {
    return withPods(
        List.of(
            objectName(),
            text("Schedule", Cells.text("spec", "schedule")),
            text("Timezone", (o, _) -> orNone(o.child("spec").text("timeZone"))),
            text("Suspend", (o, _) -> o.child("spec").flag("suspend") ? "True" : "False"),
            number("Active", (o, _) -> (long) o.child("status").values("active").size()),
            text("Last Schedule", Cells.time("status", "lastScheduleTime")),
            age()));
  }

  private static List<Column> autoscalers() {
    return List.of(
        objectName(),
        text(
            "Reference",
            (o, _) ->
                o.child("spec").child("scaleTargetRef").text("kind")
                    + "/"
                    + o.child("spec").child("scaleTargetRef").text("name")),
        text("Targets", (o, _) -> ScalingTargets.of(o)),
        text("MinPods", (o, _) -> Long.toString(o.child("spec").number("minReplicas", 1))),
        number("MaxPods", Cells.number("spec", "maxReplicas")),
        number("Replicas", Cells.number("status", "currentReplicas")),
        age());
  }

  private static List<Column> ingresses() {
    return List.of(
        objectName(),
        text("Class", (o, _) -> orNone(o.child("spec").text("ingressClassName"))),
        text("Hosts", (o, _) -> hosts(o.child("spec").items("rules"))),
        text("Address", (o, _) -> Cells.balancers(o)),
        text("Ports", (o, _) -> o.child("spec").items("tls").isEmpty() ? "80" : "80, 443"),
        age());
  }

  /** Three hosts at most; what is left is counted in rules. */
  private static String hosts(List<Obj> rules) {
    List<String> hosts =
        rules.stream().map(rule -> rule.text("host")).filter(host -> !host.isEmpty()).toList();
    return Cells.some(hosts, "*");
  }

  private static String parameters(Obj ingressClass) {
    Obj parameters = ingressClass.child("spec").child("parameters");
    if (parameters.text("kind").isEmpty()) {
      return "";
    }
    String group = parameters.text("apiGroup");
    return parameters.text("kind")
        + (group.isEmpty() ? "" : "." + group)
        + "/"
        + parameters.text("name");
  }

  private static List<Column> slices() {
    return List.of(
        objectName(),
        text("AddressType", Cells.text("addressType")),
        text(
            "Ports",
            (o, _) ->
                Cells.some(o.items("ports").stream().map(GroupTables::port).toList(), Cells.UNSET)),
        text(
            "Endpoints",
            (o, _) ->
                Cells.some(
                    o.items("endpoints").stream()
                        .flatMap(each -> each.texts("addresses").stream())
                        .toList(),
                    Cells.UNSET)),
        age());
  }

  private static String port(Obj port) {
    if (port.has("port")) {
      return Long.toString(port.number("port", 0));
    }
    return port.text("name").isEmpty() ? "*" : port.text("name");
  }

  private static List<Column> bindings() {
    return List.of(
        objectName(),
        text(
            "Role",
            (o, _) -> o.child("roleRef").text("kind") + "/" + o.child("roleRef").text("name")),
        age(),
        wide("Users", (o, _) -> subjects(o, "User")),
        wide("Groups", (o, _) -> subjects(o, "Group")),
        wide("ServiceAccounts", (o, _) -> subjects(o, "ServiceAccount")));
  }

  private static String subjects(Obj binding, String kind) {
    return binding.items("subjects").stream()
        .filter(subject -> subject.text("kind").equals(kind))
        .map(
            subject ->
                kind.equals("ServiceAccount")
                    ? subject.text("namespace") + "/" + subject.text("name")
                    : subject.text("name"))
        .collect(Collectors.joining(", "));
  }

  private static List<Column> storageClasses() {
    return List.of(
        new Column(
            "Name",
            "string",
            "name",
            0,
            "Name must be unique within a namespace.",
            (o, _) -> {
              String name = o.child("metadata").text("name");
              boolean standard =
                  "true"
                      .equals(
                          o.child("metadata")
                              .strings("annotations")
                              .get("storageclass.kubernetes.io/is-default-class"));
              return standard ? name + " (default)" : name;
            }),
        text("Provisioner", Cells.text("provisioner")),
        text("ReclaimPolicy", Cells.text("reclaimPolicy")),
        text("VolumeBindingMode", Cells.text("volumeBindingMode")),
        new Column(
            "AllowVolumeExpansion",
            "boolean",
            "",
            0,
            "Volumes may grow.",
            (o, _) -> o.flag("allowVolumeExpansion")),
        age());
  }

  private static List<Column> budgets() {
    return List.of(
        objectName(),
        text("Min Available", (o, _) -> limit(o, "minAvailable")),
        text("Max Unavailable", (o, _) -> limit(o, "maxUnavailable")),
        number("Allowed Disruptions", Cells.number("status", "disruptionsAllowed")),
        age());
  }

  private static String limit(Obj budget, String field) {
    Object value = budget.child("spec").get(field);
    return value == null ? "N/A" : String.valueOf(value);
  }

  private static List<Column> requests() {
    return List.of(
        objectName(),
        age(),
        text("SignerName", Cells.text("spec", "signerName")),
        text("Requestor", Cells.text("spec", "username")),
        text(
            "RequestedDuration",
            (o, _) ->
                o.child("spec").has("expirationSeconds")
                    ? Age.of(Duration.ofSeconds(o.child("spec").number("expirationSeconds", 0)))
                    : NONE),
        text("Condition", (o, _) -> requestStatus(o.child("status"))));
  }

  static String requestStatus(Obj status) {
    Set<String> types =
        status.items("conditions").stream()
            .map(each -> each.text("type"))
            .collect(Collectors.toSet());
    String verdict =
        types.contains("Denied") ? "Denied" : types.contains("Approved") ? "Approved" : "Pending";
    return verdict
        + (types.contains("Failed") ? ",Failed" : "")
        + (status.text("certificate").isEmpty() ? "" : ",Issued");
  }
}
