package dev.kapell.apiserver.registry;

import dev.kapell.apiserver.quota.QosClass;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.apiserver.tree.Trees;
import dev.kapell.apiserver.validation.ServiceRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** What the server sets on new objects, kind by kind. */
final class Preparations {
  private static final Map<String, Consumer<Obj>> ON_CREATE =
      Map.ofEntries(
          Map.entry("pods", Preparations::pod),
          Map.entry("namespaces", Preparations::namespace),
          Map.entry("nodes", object -> {}),
          Map.entry("daemonsets.apps", Preparations::daemonSet),
          Map.entry("jobs.batch", Preparations::job),
          Map.entry("apiservices.apiregistration.k8s.io", Preparations::apiService),
          Map.entry("customresourcedefinitions.apiextensions.k8s.io", Preparations::definition),
          Map.entry(
              "services", object -> object.put("status", Obj.tree("loadBalancer", Obj.tree()))),
          Map.entry("servicecidrs.networking.k8s.io", Preparations::network),
          Map.entry("persistentvolumes", Preparations::pending),
          Map.entry("persistentvolumeclaims", Preparations::pending),
          Map.entry("replicasets.apps", object -> object.put("status", Obj.tree("replicas", 0L))),
          Map.entry(
              "replicationcontrollers", object -> object.put("status", Obj.tree("replicas", 0L))));

  private static final String HEALTH_PORT = "healthCheckNodePort";
  private static final String TEMPLATE_GENERATION = "deprecated.daemonset.template.generation";

  private Preparations() {}

  static Preparation of(String kind, Set<Strategy.Trait> traits) {
    Consumer<Obj> create =
        ON_CREATE.getOrDefault(
            kind,
            traits.contains(Strategy.Trait.STATUS)
                ? object -> object.drop("status")
                : object -> {});
    return new Preparation() {
      @Override
      public void create(Obj object) {
        create.accept(object);
      }

      @Override
      public void update(Obj object, Obj old) {
        switch (kind) {
          case "services" -> {
            sameAddresses(object.child("spec"), old.child("spec"));
            withoutFormerType(object.child("spec"), old.child("spec"));
            sameHealthPort(object.child("spec"), old.child("spec"));
          }
          case "customresourcedefinitions.apiextensions.k8s.io" -> storedVersion(object);
          case "daemonsets.apps" -> templateGeneration(object, old);
          case "pods" -> {
            if (!object.child("spec").has("nodeName")) {
              object.make("spec").copy("nodeName", old.child("spec"));
            }
          }
          default -> {}
        }
      }
    };
  }

  /** Clients that know only the address change or clear the list that it begins, too. */
  private static void sameAddresses(Obj spec, Obj before) {
    String address = spec.text("clusterIP");
    List<String> list = spec.texts("clusterIPs");
    if (address.equals(before.text("clusterIP"))) {
      if (list.isEmpty()) {
        spec.copy("clusterIPs", before);
      }
    } else if (list.equals(before.texts("clusterIPs"))) {
      if (address.isEmpty()) {
        spec.drop("clusterIPs");
      } else {
        spec.put("clusterIPs", new ArrayList<Object>(List.of(address)));
      }
    }
  }

  private static void daemonSet(Obj set) {
    set.drop("status");
    set.make("metadata").make("annotations").put(TEMPLATE_GENERATION, "1");
  }

  /** An old count of the templates, which only the server writes. */
  private static void templateGeneration(Obj set, Obj old) {
    String before = old.child("metadata").child("annotations").text(TEMPLATE_GENERATION);
    boolean same = Trees.same(set.child("spec").get("template"), old.child("spec").get("template"));
    long count = before.matches("\\d{1,18}") ? Long.parseLong(before) : 0;
    set.make("metadata")
        .make("annotations")
        .put(TEMPLATE_GENERATION, Long.toString(same ? count : count + 1));
  }

  private static void pod(Obj pod) {
    LabelKeys.merge(pod);
    Map<String, Object> status =
        Obj.tree("phase", "Pending", "qosClass", QosClass.of(pod.child("spec")));
    pod.put("status", status);
    if (!pod.child("spec").values("schedulingGates").isEmpty()) {
      Map<String, Object> gated =
          Obj.tree(
              "type",
              "PodScheduled",
              "status",
              "False",
              "reason",
              "SchedulingGated",
              "message",
              "Scheduling is blocked due to non-empty scheduling gates");
      status.put("conditions", new ArrayList<>(List.of(gated)));
    }
  }

  private static void namespace(Obj namespace) {
    List<Object> finalizers = namespace.make("spec").list("finalizers");
    if (!finalizers.contains("kubernetes")) {
      finalizers.add("kubernetes");
    }
    namespace.put("status", Obj.tree("phase", "Active"));
  }

  private static void pending(Obj object) {
    object.put("status", Obj.tree("phase", "Pending"));
  }

  /** What only the former type of a service had goes with it, when the client left it as it was. */
  private static void withoutFormerType(Obj spec, Obj before) {
    if (before.text("type").equals("LoadBalancer") && !spec.text("type").equals("LoadBalancer")) {
      for (String field : List.of("allocateLoadBalancerNodePorts", "loadBalancerClass")) {
        if (Trees.same(spec.get(field), before.get(field))) {
          spec.drop(field);
        }
      }
    }
    if (spec.text("type").equals("ClusterIP") && !before.text("type").equals("ClusterIP")) {
      for (Obj port : spec.items("ports")) {
        long number = port.number("nodePort", 0);
        if (before.items("ports").stream().anyMatch(was -> was.number("nodePort", 0) == number)) {
          port.drop("nodePort");
        }
      }
    }
    boolean inside = spec.text("type").equals("ClusterIP") && spec.values("externalIPs").isEmpty();
    boolean policy =
        Trees.same(spec.get("externalTrafficPolicy"), before.get("externalTrafficPolicy"));
    if (inside && policy) {
      spec.drop("externalTrafficPolicy");
    }
  }

  /** What an update leaves out stays while it is needed; what is needed no longer goes. */
  private static void sameHealthPort(Obj spec, Obj before) {
    long port = spec.number(HEALTH_PORT, 0);
    long was = before.number(HEALTH_PORT, 0);
    if (!ServiceRules.publishesHealth(spec) && port == was) {
      spec.drop(HEALTH_PORT);
    } else if (port == 0 && was != 0 && ServiceRules.publishesHealth(before)) {
      spec.put(HEALTH_PORT, was);
    }
  }

  /** Addresses can be taken from a network at once. */
  private static void network(Obj network) {
    Obj ready =
        Obj.root(
            Obj.tree(
                "type",
                "Ready",
                "status",
                "True",
                "reason",
                "",
                "message",
                "Kubernetes Service CIDR is ready"));
    ready.put("lastTransitionTime", network.child("metadata").text("creationTimestamp"));
    network.put("status", Obj.tree("conditions", new ArrayList<Object>(List.of(ready.map()))));
  }

  /** What no other server serves is there at once. */
  private static void apiService(Obj apiService) {
    apiService.drop("status");
    if (!apiService.child("spec").has("service")) {
      Map<String, Object> available =
          Obj.tree(
              "lastTransitionTime",
              apiService.child("metadata").text("creationTimestamp"),
              "message",
              "Local APIServices are always available",
              "reason",
              "Local",
              "status",
              "True",
              "type",
              "Available");
      apiService.put("status", Obj.tree("conditions", new ArrayList<>(List.of(available))));
    }
  }

  /** From this write on, objects may be stored in the storage version. */
  private static void storedVersion(Obj definition) {
    List<Object> stored = definition.make("status").list("storedVersions");
    definition.child("spec").items("versions").stream()
        .filter(version -> version.flag("storage"))
        .map(version -> version.text("name"))
        .filter(name -> !stored.contains(name))
        .findFirst()
        .ifPresent(stored::add);
  }

  /** A definition stays until its objects are gone. */
  private static void definition(Obj definition) {
    String finalizer = "customresourcecleanup.apiextensions.k8s.io";
    List<Object> finalizers = definition.make("metadata").list("finalizers");
    if (!finalizers.contains(finalizer)) {
      finalizers.add(finalizer);
    }
    Obj names = Obj.root(Obj.tree("kind", "", "plural", ""));
    definition.put(
        "status",
        Obj.tree(
            "acceptedNames",
            names.map(),
            "conditions",
            new ArrayList<>(),
            "storedVersions",
            new ArrayList<>()));
    storedVersion(definition);
  }

  /** Pods of a job find it by its uid, unless the user chose the selector. */
  private static void job(Obj job) {
    job.drop("status");
    Obj spec = job.make("spec");
    if (spec.flag("manualSelector")) {
      return;
    }
    Obj metadata = job.child("metadata");
    String uid = metadata.text("uid");
    Obj labels = spec.make("template").make("metadata").make("labels");
    labels
        .put("controller-uid", uid)
        .put("batch.kubernetes.io/controller-uid", uid)
        .put("job-name", metadata.text("name"))
        .put("batch.kubernetes.io/job-name", metadata.text("name"));
    spec.make("selector").make("matchLabels").put("batch.kubernetes.io/controller-uid", uid);
  }
}
