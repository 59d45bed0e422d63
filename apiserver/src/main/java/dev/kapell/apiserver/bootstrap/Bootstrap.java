package dev.kapell.apiserver.bootstrap;

import dev.kapell.api.ApiObject;
import dev.kapell.api.ResourceType;
import dev.kapell.api.Types;
import dev.kapell.api.core.v1.Namespace;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.api.networking.v1.ServiceCIDR;
import dev.kapell.api.networking.v1.ServiceCIDRSpec;
import dev.kapell.api.rbac.v1.AggregationRule;
import dev.kapell.api.rbac.v1.ClusterRole;
import dev.kapell.api.scheduling.v1.PriorityClass;
import dev.kapell.apiserver.authorization.RoleAggregation;
import dev.kapell.apiserver.flow.Suggested;
import dev.kapell.base.TaskScope;
import dev.kapell.client.ApiFailure;
import dev.kapell.client.Client;
import dev.kapell.client.ListQuery;
import dev.kapell.client.ObjectKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Creates what is missing of a cluster's first objects; a restart costs six lists. */
public final class Bootstrap {
  private static final System.Logger LOG = System.getLogger("kapell.apiserver");
  private static final List<String> NAMESPACES =
      List.of("default", "kube-system", "kube-public", "kube-node-lease");

  private static final String SERVICES = "10.43.0.0/16";

  private final Client client;

  /** Writes through {@code client}, as somebody who may do everything. */
  public Bootstrap(Client client) {
    this.client = client;
  }

  /** Creates what is missing; existing roles get the rules that this version adds. */
  public void run() {
    ensure(Types.NAMESPACE, NAMESPACES.stream().map(Bootstrap::namespace).toList());
    ensure(Types.SERVICE_CIDR, List.of(network()));
    ensure(
        Types.PRIORITY_CLASS,
        List.of(
            priority(
                "system-node-critical",
                2_000_001_000,
                "Used for system critical pods that must not be moved from their current node."),
            priority(
                "system-cluster-critical",
                2_000_000_000,
                "Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.")));
    Suggested flows = Suggested.load();
    ensure(Types.PRIORITY_LEVEL_CONFIGURATION, flows.levels());
    ensure(Types.FLOW_SCHEMA, flows.schemas());
    RoleTable table = RoleTable.load();
    ensure(Types.CLUSTER_ROLE, filled(table.roles()));
    ensure(Types.CLUSTER_ROLE_BINDING, table.bindings());
    ensure(Types.ROLE, table.localRoles());
    ensure(Types.ROLE_BINDING, table.localBindings());
  }

  /** Gathering roles start with what their parts say, so that nobody sees them empty. */
  private static List<ClusterRole> filled(List<ClusterRole> roles) {
    return roles.stream()
        .map(
            role -> {
              AggregationRule rule = role.aggregationRule();
              return rule == null
                  ? role
                  : role.withRules(RoleAggregation.gather(rule, role, roles));
            })
        .toList();
  }

  private <T extends ApiObject> void ensure(ResourceType<T> type, List<T> wanted) {
    Map<ObjectKey, T> present = new HashMap<>();
    client
        .list(type, ListQuery.ALL)
        .items()
        .forEach(object -> present.put(ObjectKey.of(object), object));
    List<T> missing =
        wanted.stream().filter(object -> !present.containsKey(ObjectKey.of(object))).toList();
    if (!missing.isEmpty()) {
      createAll(type, missing);
      LOG.log(
          System.Logger.Level.DEBUG, "bootstrap created {0} {1}", missing.size(), type.plural());
    }
  }

  /** All at once, so that they share the store's commits. */
  private <T extends ApiObject> void createAll(ResourceType<T> type, List<T> objects) {
    Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    try (TaskScope scope = new TaskScope("bootstrap", (task, cause) -> failures.add(cause))) {
      List<Thread> threads =
          objects.stream()
              .map(object -> scope.start(type.plural(), () -> create(type, object)))
              .toList();
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a new cluster got its objects", e);
    }
    if (!failures.isEmpty()) {
      throw new IllegalStateException(
          "a new cluster did not get its " + type.plural(), failures.element());
    }
  }

  private <T extends ApiObject> void create(ResourceType<T> type, T object) {
    try {
      client.create(type, object);
    } catch (ApiFailure failure) {
      if (!failure.isAlreadyExists()) {
        throw failure;
      }
    }
  }

  private static Namespace namespace(String name) {
    return Namespace.builder().metadata(ObjectMeta.builder().name(name).build()).build();
  }

  private static ServiceCIDR network() {
    return ServiceCIDR.builder()
        .metadata(ObjectMeta.builder().name("kubernetes").build())
        .spec(ServiceCIDRSpec.builder().cidrs(List.of(SERVICES)).build())
        .build();
  }

  private static PriorityClass priority(String name, int value, String description) {
    return PriorityClass.builder()
        .metadata(ObjectMeta.builder().name(name).build())
        .value(value)
        .description(description)
        .build();
  }
}
