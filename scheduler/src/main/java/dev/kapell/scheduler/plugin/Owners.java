package dev.kapell.scheduler.plugin;

import dev.kapell.api.Types;
import dev.kapell.api.apps.v1.ReplicaSet;
import dev.kapell.api.apps.v1.StatefulSet;
import dev.kapell.api.core.v1.ReplicationController;
import dev.kapell.api.core.v1.Service;
import dev.kapell.api.meta.v1.LabelSelector;
import dev.kapell.api.meta.v1.LabelSelectorRequirement;
import dev.kapell.api.meta.v1.OwnerReference;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.cache.Cache;
import dev.kapell.control.cache.Caches;
import dev.kapell.control.match.Selectors;
import dev.kapell.scheduler.demand.Demand;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which pods belong together with one, by the Services that select it and by what made it: pods
 * without a spread constraint of their own are spread by that.
 */
@FunctionalInterface
public interface Owners {
  /** Nobody owns anything. */
  Owners NONE = demand -> Optional.empty();

  /** The selector of all pods that belong together with this one; empty when it is alone. */
  Optional<LabelSelector> selector(Demand demand);

  /** As {@code caches} know them. */
  static Owners of(Caches caches) {
    Cache<Service> services = caches.of(Types.SERVICE);
    Cache<ReplicaSet> sets = caches.of(Types.REPLICA_SET);
    Cache<StatefulSet> stateful = caches.of(Types.STATEFUL_SET);
    Cache<ReplicationController> controllers = caches.of(Types.REPLICATION_CONTROLLER);
    return demand -> {
      Map<String, String> labels = new HashMap<>();
      List<LabelSelectorRequirement> expressions = new ArrayList<>();
      for (Service service : services.in(demand.namespace())) {
        Map<String, String> wanted = service.spec().selector();
        if (!wanted.isEmpty() && Selectors.includes(demand.labels(), wanted)) {
          labels.putAll(wanted);
        }
      }
      Optional<OwnerReference> owner = demand.owner();
      if (owner.isPresent()) {
        ObjectKey key = new ObjectKey(demand.namespace(), owner.get().nameOr(""));
        switch (owner.get().kindOr("")) {
          case "ReplicaSet" ->
              sets.find(key).ifPresent(s -> add(s.spec().selector(), labels, expressions));
          case "StatefulSet" ->
              stateful.find(key).ifPresent(s -> add(s.spec().selector(), labels, expressions));
          case "ReplicationController" ->
              controllers.find(key).ifPresent(c -> labels.putAll(c.spec().selector()));
          default -> {
            // Others do not count as one application, as in Kubernetes.
          }
        }
      }
      return labels.isEmpty() && expressions.isEmpty()
          ? Optional.empty()
          : Optional.of(
              LabelSelector.builder().matchLabels(labels).matchExpressions(expressions).build());
    };
  }

  private static void add(
      @Nullable LabelSelector selector,
      Map<String, String> labels,
      List<LabelSelectorRequirement> expressions) {
    if (selector != null) {
      labels.putAll(selector.matchLabels());
      expressions.addAll(selector.matchExpressions());
    }
  }
}
