package dev.kapell.apiserver.registry;

import dev.kapell.api.ApiObject;
import dev.kapell.api.Codec;
import dev.kapell.api.ResourceType;
import dev.kapell.api.Types;
import dev.kapell.apiserver.defaulting.Defaults;
import dev.kapell.apiserver.fields.BuiltinShapes;
import dev.kapell.apiserver.registry.Strategy.ScalePaths;
import dev.kapell.apiserver.registry.Strategy.Trait;
import dev.kapell.apiserver.request.Resource;
import dev.kapell.apiserver.validation.NameFormats;
import dev.kapell.apiserver.validation.Rules;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The rows of the built-in kinds: every generated type, and how it behaves. */
public final class Kinds {
  private static final List<String> VERBS =
      List.of("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch");
  private static final List<String> CONNECT = List.of("create", "delete", "get", "patch", "update");

  private static final Set<String> CREATE_ON_UPDATE =
      Set.of(
          "endpoints",
          "events",
          "services",
          "limitranges",
          "leases.coordination.k8s.io",
          "roles.rbac.authorization.k8s.io",
          "rolebindings.rbac.authorization.k8s.io",
          "clusterroles.rbac.authorization.k8s.io",
          "clusterrolebindings.rbac.authorization.k8s.io");

  private static final Set<String> NEEDS_REVISION =
      Set.of(
          "leases.coordination.k8s.io",
          "poddisruptionbudgets.policy",
          "customresourcedefinitions.apiextensions.k8s.io",
          "runtimeclasses.node.k8s.io",
          "csidrivers.storage.k8s.io",
          "csinodes.storage.k8s.io",
          "volumeattachments.storage.k8s.io");

  private static final Set<String> FIRST_GENERATION = Set.of("priorityclasses.scheduling.k8s.io");

  private static final Set<String> WITHOUT_GENERATION =
      Set.of(
          "configmaps",
          "secrets",
          "services",
          "endpoints",
          "events",
          "nodes",
          "namespaces",
          "serviceaccounts",
          "persistentvolumes",
          "persistentvolumeclaims",
          "podtemplates",
          "limitranges",
          "resourcequotas",
          "leases.coordination.k8s.io",
          "controllerrevisions.apps",
          "horizontalpodautoscalers.autoscaling",
          "certificatesigningrequests.certificates.k8s.io",
          "roles.rbac.authorization.k8s.io",
          "rolebindings.rbac.authorization.k8s.io",
          "clusterroles.rbac.authorization.k8s.io",
          "clusterrolebindings.rbac.authorization.k8s.io",
          "storageclasses.storage.k8s.io",
          "csinodes.storage.k8s.io",
          "csidrivers.storage.k8s.io",
          "csistoragecapacities.storage.k8s.io",
          "apiservices.apiregistration.k8s.io",
          "runtimeclasses.node.k8s.io");

  private static final Set<String> RETURN_DELETED =
      Set.of(
          "pods",
          "services",
          "serviceaccounts",
          "podtemplates",
          "resourcequotas",
          "persistentvolumes",
          "persistentvolumeclaims");

  private static final Map<String, Set<String>> SELECTABLE =
      Map.ofEntries(
          Map.entry(
              "pods",
              Set.of(
                  "spec.nodeName",
                  "spec.restartPolicy",
                  "spec.schedulerName",
                  "spec.serviceAccountName",
                  "spec.hostNetwork",
                  "status.phase",
                  "status.podIP",
                  "status.podIPs",
                  "status.nominatedNodeName")),
          Map.entry("nodes", Set.of("spec.unschedulable")),
          Map.entry("namespaces", Set.of("status.phase")),
          Map.entry("secrets", Set.of("type")),
          Map.entry("services", Set.of("spec.clusterIP", "spec.type")),
          Map.entry("replicationcontrollers", Set.of("status.replicas")),
          Map.entry("replicasets.apps", Set.of("status.replicas")),
          Map.entry("jobs.batch", Set.of("status.successful")),
          Map.entry("certificatesigningrequests.certificates.k8s.io", Set.of("spec.signerName")),
          Map.entry("resourceslices.resource.k8s.io", Set.of("spec.nodeName", "spec.driver")),
          Map.entry(
              "events",
              Set.of(
                  "involvedObject.kind",
                  "involvedObject.namespace",
                  "involvedObject.name",
                  "involvedObject.uid",
                  "involvedObject.apiVersion",
                  "involvedObject.resourceVersion",
                  "involvedObject.fieldPath",
                  "reason",
                  "reportingComponent",
                  "source",
                  "type")),
          Map.entry(
              "events.events.k8s.io",
              Set.of(
                  "regarding.kind",
                  "regarding.namespace",
                  "regarding.name",
                  "regarding.uid",
                  "regarding.apiVersion",
                  "regarding.resourceVersion",
                  "regarding.fieldPath",
                  "reason",
                  "reportingController",
                  "type")),
          Map.entry("clustertrustbundles.certificates.k8s.io", Set.of("spec.signerName")));

  private static final Map<String, ScalePaths> SCALES =
      Map.of(
          "deployments.apps",
          new ScalePaths("spec.replicas", "status.replicas", "spec.selector"),
          "replicasets.apps",
          new ScalePaths("spec.replicas", "status.replicas", "spec.selector"),
          "statefulsets.apps",
          new ScalePaths("spec.replicas", "status.replicas", "spec.selector"),
          "replicationcontrollers",
          new ScalePaths("spec.replicas", "status.replicas", "spec.selector"));

  private Kinds() {}

  /** Every built-in row. */
  public static List<Row> builtIn() {
    List<Row> rows = new ArrayList<>();
    BuiltinShapes shapes = new BuiltinShapes();
    EmptyObjects emptyObjects = new EmptyObjects();
    Types.all().forEach(type -> rows.add(row(type, form(type, shapes, emptyObjects))));
    return rows;
  }

  private static <T extends ApiObject> Form form(
      ResourceType<T> type, BuiltinShapes shapes, EmptyObjects emptyObjects) {
    return new BuiltinForm<>(
        type.apiVersion(),
        new Canonical<>(type.codec(), type.version(), type.kind()),
        shapes,
        emptyObjects);
  }

  /** The row of a kind whose objects are answered and not stored: {@code codec} reads them. */
  public static <T> Row passing(Resource resource, Codec<T> codec) {
    return new Row(
        resource,
        Row.table(resource.group(), resource.plural()),
        new BuiltinForm<>(
            resource.apiVersion(),
            new Canonical<>(codec, resource.version(), resource.kind()),
            new BuiltinShapes(),
            new EmptyObjects()),
        Conversion.NONE,
        Strategy.generic());
  }

  private static <T extends ApiObject> Row row(ResourceType<T> type, Form form) {
    String stored = storedName(type);
    boolean events = type.group().equals("events.k8s.io");
    return new Row(
        resource(type),
        events ? "events" : Row.table(type.group(), type.plural()),
        form,
        conversion(type),
        strategy(type, stored));
  }

  /** Events are stored in their core form, whichever group they came through. */
  private static String storedName(ResourceType<?> type) {
    return type.group().equals("events.k8s.io") ? "events" : type.qualifiedName();
  }

  private static Conversion conversion(ResourceType<?> type) {
    if (type.group().equals("events.k8s.io")) {
      return new EventConversion();
    }
    if (type.group().equals("autoscaling") && type.version().equals("v1")) {
      return new AutoscalerConversion();
    }
    return Conversion.NONE;
  }

  private static Strategy strategy(ResourceType<?> type, String stored) {
    Set<Trait> traits = EnumSet.noneOf(Trait.class);
    if (type.subresources().contains("status")) {
      traits.add(Trait.STATUS);
    }
    if (!WITHOUT_GENERATION.contains(stored)) {
      traits.add(Trait.GENERATION);
    }
    if (FIRST_GENERATION.contains(stored)) {
      traits.add(Trait.FIRST_GENERATION);
    }
    if (NEEDS_REVISION.contains(stored)) {
      traits.add(Trait.NEEDS_REVISION);
    }
    if (CREATE_ON_UPDATE.contains(stored)) {
      traits.add(Trait.CREATE_ON_UPDATE);
    }
    if (RETURN_DELETED.contains(stored)) {
      traits.add(Trait.RETURN_DELETED);
    }
    if (stored.equals("pods")) {
      traits.add(Trait.GRACEFUL);
    }
    return new Strategy(
        Defaults.of(stored),
        Rules.of(type.group().equals("events.k8s.io") ? type.qualifiedName() : stored),
        NameFormats.of(stored),
        Preparations.of(stored, traits),
        SELECTABLE.getOrDefault(type.qualifiedName(), Set.of()),
        traits,
        Optional.ofNullable(SCALES.get(stored)));
  }

  private static Resource resource(ResourceType<?> type) {
    return new Resource(
        type.group(),
        type.version(),
        type.kind(),
        type.plural(),
        type.singular(),
        type.namespaced(),
        type.shortNames(),
        type.categories(),
        verbs(type),
        type.subresources().stream().map(name -> subresource(type, name)).toList(),
        Optional.of(type),
        Resource.Custom.NONE);
  }

  /** Namespaces go one by one. */
  private static List<String> verbs(ResourceType<?> type) {
    return type.qualifiedName().equals("namespaces")
        ? VERBS.stream().filter(verb -> !verb.equals("deletecollection")).toList()
        : VERBS;
  }

  private static Resource.Subresource subresource(ResourceType<?> type, String name) {
    List<String> read = List.of("get");
    List<String> write = List.of("get", "patch", "update");
    return switch (name) {
      case "scale" -> new Resource.Subresource(name, "autoscaling/v1", "Scale", write);
      case "binding" -> new Resource.Subresource(name, "v1", "Binding", List.of("create"));
      case "eviction" -> new Resource.Subresource(name, "policy/v1", "Eviction", List.of("create"));
      case "token" ->
          new Resource.Subresource(
              name, "authentication.k8s.io/v1", "TokenRequest", List.of("create"));
      case "finalize" -> new Resource.Subresource(name, "", type.kind(), List.of("update"));
      case "log" -> new Resource.Subresource(name, "", type.kind(), read);
      case "exec" ->
          new Resource.Subresource(name, "v1", "PodExecOptions", List.of("create", "get"));
      case "attach" ->
          new Resource.Subresource(name, "v1", "PodAttachOptions", List.of("create", "get"));
      case "portforward" ->
          new Resource.Subresource(name, "v1", "PodPortForwardOptions", List.of("create", "get"));
      case "proxy" -> new Resource.Subresource(name, "v1", type.kind() + "ProxyOptions", CONNECT);
      default -> new Resource.Subresource(name, "", type.kind(), write);
    };
  }
}
