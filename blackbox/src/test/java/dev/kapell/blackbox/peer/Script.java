package dev.kapell.blackbox.peer;

import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A case: a title, and lines such as {@code APPLY ConfigMap?fieldManager=a {data: {x: "1"}}}.
 *
 * <p>A line is a verb (CREATE, UPDATE, APPLY, MERGE, JSON, STRATEGIC, GET, DELETE), a kind with an
 * optional subresource and query, and a body. What says which object it is (version, kind, name,
 * namespace) is added to bodies that begin with a brace; a body behind {@code RAW} is sent as it
 * is. The object is called after the case. A line {@code SINCE 200 because…} says that the next
 * request is answered otherwise since the peer's version: Kapell has to answer with that code. A
 * line {@code BUT} states a rule as those of {@link Since}, for this case only.
 */
record Script(String name, String title, List<String> lines) {

  /** Where a kind is served. */
  private record Place(String apiVersion, String plural, boolean namespaced) {}

  private static final String BUT = "BUT ";

  private static final Map<String, Place> KINDS = new LinkedHashMap<>();

  static {
    core("ConfigMap", "configmaps");
    core("Secret", "secrets");
    core("Service", "services");
    core("Pod", "pods");
    core("PersistentVolumeClaim", "persistentvolumeclaims");
    core("ServiceAccount", "serviceaccounts");
    core("ResourceQuota", "resourcequotas");
    core("LimitRange", "limitranges");
    core("Endpoints", "endpoints");
    core("PodTemplate", "podtemplates");
    core("ReplicationController", "replicationcontrollers");
    KINDS.put("Node", new Place("v1", "nodes", false));
    KINDS.put("Namespace", new Place("v1", "namespaces", false));
    KINDS.put("PersistentVolume", new Place("v1", "persistentvolumes", false));
    group("apps/v1", "Deployment", "deployments");
    group("apps/v1", "StatefulSet", "statefulsets");
    group("apps/v1", "DaemonSet", "daemonsets");
    group("apps/v1", "ReplicaSet", "replicasets");
    group("batch/v1", "Job", "jobs");
    group("autoscaling/v1", "HorizontalPodAutoscaler", "horizontalpodautoscalers");
    group("networking.k8s.io/v1", "Ingress", "ingresses");
    group("networking.k8s.io/v1", "NetworkPolicy", "networkpolicies");
    group("rbac.authorization.k8s.io/v1", "Role", "roles");
    group("rbac.authorization.k8s.io/v1", "RoleBinding", "rolebindings");
    group("coordination.k8s.io/v1", "Lease", "leases");
    group("example.com/v1", "Widget", "widgets");
    cluster("rbac.authorization.k8s.io/v1", "ClusterRole", "clusterroles");
    cluster("storage.k8s.io/v1", "StorageClass", "storageclasses");
    cluster("scheduling.k8s.io/v1", "PriorityClass", "priorityclasses");
    cluster("apiextensions.k8s.io/v1", "CustomResourceDefinition", "customresourcedefinitions");
  }

  Script {
    lines = List.copyOf(lines);
  }

  private static void core(String kind, String plural) {
    KINDS.put(kind, new Place("v1", plural, true));
  }

  private static void group(String apiVersion, String kind, String plural) {
    KINDS.put(kind, new Place(apiVersion, plural, true));
  }

  private static void cluster(String apiVersion, String kind, String plural) {
    KINDS.put(kind, new Place(apiVersion, plural, false));
  }

  /** Rules for this case only. */
  List<String> exceptions() {
    return lines.stream()
        .filter(line -> line.startsWith(BUT))
        .map(line -> line.substring(BUT.length()))
        .toList();
  }

  private static boolean isCall(String line) {
    return !line.startsWith(Call.SINCE) && !line.startsWith(BUT);
  }

  /** The requests, for objects in {@code namespace}. */
  List<Call> calls(String namespace) {
    List<Call> calls = new ArrayList<>();
    String since = "";
    for (String line : lines) {
      if (line.startsWith(Call.SINCE)) {
        since = line;
      } else if (isCall(line)) {
        calls.add(call(line, namespace).since(since));
        since = "";
      }
    }
    return calls;
  }

  /** Deletes what the case may have left. */
  List<Call> cleanup(String namespace) {
    return lines.stream()
        .filter(Script::isCall)
        .map(line -> line.split(" ", 3)[1].split("[/?]", -1)[0])
        .distinct()
        .flatMap(
            kind ->
                Stream.of(
                    call("DELETE " + kind + "?gracePeriodSeconds=0", namespace),
                    call("MERGE " + kind + " {metadata: {finalizers: null}}", namespace)))
        .toList();
  }

  private Call call(String line, String namespace) {
    String[] parts = line.strip().split(" +", 3);
    String verb = parts[0];
    String[] target = parts[1].split("\\?", 2);
    String[] steps = target[0].split("/", -1);
    Place place = KINDS.get(steps[0]);
    if (place == null) {
      throw new IllegalArgumentException("unknown kind in: " + line);
    }
    String collection = collection(place, namespace);
    String one = collection + "/" + name + (steps.length > 1 ? "/" + steps[1] : "");
    String query = target.length > 1 ? "?" + target[1] : "";
    String body = parts.length > 2 ? body(verb, steps, place, parts[2], namespace) : "";
    return switch (verb) {
      case "CREATE" -> new Call(line, "POST", collection + query, "application/json", body, "");
      case "UPDATE" -> new Call(line, "PUT", one + query, "application/json", body, "");
      case "GET" -> new Call(line, "GET", one + query, "", "", "");
      case "DELETE" -> new Call(line, "DELETE", one + query, "", "", "");
      default -> {
        String form = Call.PATCHES.get(verb);
        if (form == null) {
          throw new IllegalArgumentException("unknown verb in: " + line);
        }
        yield new Call(line, "PATCH", one + query, form, body, "");
      }
    };
  }

  private static String collection(Place place, String namespace) {
    String root = place.apiVersion().equals("v1") ? "/api/v1" : "/apis/" + place.apiVersion();
    return root + (place.namespaced() ? "/namespaces/" + namespace : "") + "/" + place.plural();
  }

  @SuppressWarnings("unchecked") // objects have text keys
  private String body(String verb, String[] steps, Place place, String text, String namespace) {
    if (text.startsWith("RAW ")) {
      return text.substring(4).replace("NAME", name).replace("\\n", "\n");
    }
    String named = text.replace("NAMESPACE", namespace).replace("NAME", name);
    if (!named.startsWith("{")) {
      return Serialization.asJson(Serialization.unmarshal("--- " + named, List.class));
    }
    Map<String, Object> object = Serialization.unmarshal("--- " + named, Map.class);
    if (verb.equals("MERGE") || verb.equals("STRATEGIC")) {
      return Serialization.asJson(object);
    }
    Map<String, Object> whole = new LinkedHashMap<>();
    boolean scale = steps.length > 1 && steps[1].equals("scale");
    whole.put("apiVersion", scale ? "autoscaling/v1" : place.apiVersion());
    whole.put("kind", scale ? "Scale" : steps[0]);
    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put("name", name);
    if (place.namespaced()) {
      metadata.put("namespace", namespace);
    }
    if (object.get("metadata") instanceof Map<?, ?> given) {
      metadata.putAll((Map<String, Object>) given);
    }
    whole.putAll(object);
    whole.put("metadata", metadata);
    return Serialization.asJson(whole);
  }
}
