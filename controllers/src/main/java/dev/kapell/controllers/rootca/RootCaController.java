package dev.kapell.controllers.rootca;

import dev.kapell.api.Types;
import dev.kapell.api.core.v1.ConfigMap;
import dev.kapell.api.core.v1.Namespace;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.client.ListQuery;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.cache.Cache;
import dev.kapell.control.loop.Change;
import dev.kapell.control.loop.ControlLoop;
import dev.kapell.control.loop.LoopContext;
import dev.kapell.control.loop.Plan;
import dev.kapell.control.loop.Planner;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Keeps the ConfigMap {@code kube-root-ca.crt} in every namespace: what pods check the API server's
 * certificate with.
 */
public final class RootCaController implements Planner<String, RootCaController.Seen> {
  private static final String NAME = "kube-root-ca.crt";
  private static final String KEY = "ca.crt";
  private static final String DESCRIPTION = "kubernetes.io/description";

  /** A namespace, its ConfigMap, and what should be in it. */
  record Seen(Namespace namespace, Optional<ConfigMap> map, String caPem) {}

  private final Cache<Namespace> namespaces;
  private final Cache<ConfigMap> maps;
  private final Supplier<String> caPem;

  private RootCaController(LoopContext context, Supplier<String> caPem) {
    this.namespaces = context.caches().of(Types.NAMESPACE);
    this.maps =
        context.caches().of(Types.CONFIG_MAP, ListQuery.ALL.fields("metadata.name=" + NAME));
    this.caPem = caPem;
  }

  /** The loop over namespaces, and what has it look at all of them again. */
  public record Started(ControlLoop<String> loop, Runnable again) {}

  /** Starts the loop; {@code caPem} is the authority's certificate as it is now. */
  public static Started start(LoopContext context, Supplier<String> caPem, int workers) {
    RootCaController controller = new RootCaController(context, caPem);
    ControlLoop<String> loop = context.planned("rootca", controller);
    controller.namespaces.onChange(
        (before, after) -> {
          if (after != null) {
            loop.add(after.metadata().nameOr(""));
          }
        });
    controller.maps.onChange(
        (before, after) -> {
          ConfigMap map = after == null ? before : after;
          if (map != null) {
            loop.add(map.metadata().namespaceOr(""));
          }
        });
    Runnable again =
        () -> controller.namespaces.all().forEach(ns -> loop.add(ns.metadata().nameOr("")));
    return new Started(loop.start(workers), again);
  }

  @Override
  public Optional<Seen> observe(String name) {
    return namespaces
        .find(ObjectKey.cluster(name))
        .map(namespace -> new Seen(namespace, maps.find(new ObjectKey(name, NAME)), caPem.get()));
  }

  @Override
  public Plan decide(Seen seen, Instant now) {
    return decideFor(seen);
  }

  /** Creates or puts right, unless the namespace is going. */
  static Plan decideFor(Seen seen) {
    if (seen.namespace().metadata().deletionTimestamp() != null) {
      return Plan.NOTHING;
    }
    Map<String, String> data = Map.of(KEY, seen.caPem());
    if (seen.map().isPresent()) {
      ConfigMap before = seen.map().get();
      return Plan.of(
          Change.update(Types.CONFIG_MAP, before, before.withData(data), "another authority"));
    }
    ConfigMap map =
        ConfigMap.builder()
            .metadata(
                ObjectMeta.builder()
                    .name(NAME)
                    .namespace(seen.namespace().metadata().name())
                    .annotations(
                        Map.of(
                            DESCRIPTION,
                            "Contains a CA bundle that can be used to verify the API server's"
                                + " certificate from within the cluster."))
                    .build())
            .data(data)
            .build();
    return Plan.of(Change.create(Types.CONFIG_MAP, map, "a namespace without the authority"));
  }
}
