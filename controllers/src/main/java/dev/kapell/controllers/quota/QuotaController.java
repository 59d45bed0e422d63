package dev.kapell.controllers.quota;

import dev.kapell.api.ApiObject;
import dev.kapell.api.ResourceType;
import dev.kapell.api.Types;
import dev.kapell.api.core.v1.ResourceQuota;
import dev.kapell.api.core.v1.ResourceQuotaStatus;
import dev.kapell.api.resource.Quantity;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.cache.Cache;
import dev.kapell.control.loop.Change;
import dev.kapell.control.loop.ControlLoop;
import dev.kapell.control.loop.LoopContext;
import dev.kapell.control.loop.Plan;
import dev.kapell.control.loop.Planner;
import dev.kapell.controllers.kinds.Kinds;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Counts what is used of every ResourceQuota, whenever something in its namespace changes. */
public final class QuotaController implements Planner<ObjectKey, QuotaController.Seen> {
  private static final Set<String> ALWAYS =
      Set.of(
          "pods",
          "services",
          "persistentvolumeclaims",
          "configmaps",
          "secrets",
          "replicationcontrollers",
          "resourcequotas");

  /** A quota, and the objects of its namespace that it may be about, by qualified name. */
  record Seen(ResourceQuota quota, Map<String, List<ApiObject>> objects) {}

  private final Cache<ResourceQuota> quotas;
  private final Map<String, Cache<?>> counted = new LinkedHashMap<>();

  private QuotaController(LoopContext context, Kinds kinds) {
    this.quotas = context.caches().of(Types.RESOURCE_QUOTA);
    for (ResourceType<?> type : kinds.owning()) {
      if (type.namespaced()) {
        counted.put(type.qualifiedName(), context.caches().of(type));
      }
    }
  }

  /** Starts the loop. */
  public static ControlLoop<ObjectKey> start(LoopContext context, Kinds kinds, int workers) {
    QuotaController controller = new QuotaController(context, kinds);
    ControlLoop<ObjectKey> loop = context.planned("resourcequota", controller);
    controller.counted.values().forEach(cache -> controller.feed(loop, cache));
    return loop.start(workers);
  }

  private <T extends ApiObject> void feed(ControlLoop<ObjectKey> loop, Cache<T> cache) {
    cache.onChange(
        (before, after) -> {
          ApiObject object = after == null ? before : after;
          if (object != null) {
            quotas
                .in(object.metadata().namespaceOr(""))
                .forEach(quota -> loop.add(ObjectKey.of(quota)));
          }
        });
  }

  @Override
  public Optional<Seen> observe(ObjectKey key) {
    return quotas.find(key).map(this::seen);
  }

  private Seen seen(ResourceQuota quota) {
    Set<String> hard = quota.spec().hard().keySet();
    Map<String, List<ApiObject>> objects = new LinkedHashMap<>();
    counted.forEach(
        (name, cache) -> {
          if (ALWAYS.contains(name) || hard.contains("count/" + name)) {
            objects.put(name, new ArrayList<>(cache.in(quota.metadata().namespaceOr(""))));
          }
        });
    return new Seen(quota, objects);
  }

  @Override
  public Plan decide(Seen seen, Instant now) {
    return decideFor(seen);
  }

  /** Sums up what the quota limits, and nothing else. */
  static Plan decideFor(Seen seen) {
    ResourceQuota quota = seen.quota();
    Map<String, Quantity> used = new LinkedHashMap<>();
    quota.spec().hard().keySet().forEach(name -> used.put(name, Quantity.ZERO));
    seen.objects()
        .forEach(
            (resource, objects) ->
                objects.stream()
                    .filter(object -> Usage.covers(quota, object))
                    .flatMap(object -> Usage.of(resource, object).entrySet().stream())
                    .forEach(
                        taken ->
                            used.computeIfPresent(
                                taken.getKey(),
                                (name, sum) ->
                                    sum.isZero() ? taken.getValue() : sum.plus(taken.getValue()))));
    ResourceQuotaStatus status =
        ResourceQuotaStatus.builder().hard(quota.spec().hard()).used(used).build();
    return Plan.of(
        Change.updateStatus(
            Types.RESOURCE_QUOTA, quota, quota.withStatus(status), "usage counted"));
  }
}
