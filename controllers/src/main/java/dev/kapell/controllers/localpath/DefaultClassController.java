package dev.kapell.controllers.localpath;

import dev.kapell.api.Types;
import dev.kapell.api.core.v1.Namespace;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.api.storage.v1.StorageClass;
import dev.kapell.client.ListQuery;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.cache.Cache;
import dev.kapell.control.loop.Change;
import dev.kapell.control.loop.ControlLoop;
import dev.kapell.control.loop.LoopContext;
import dev.kapell.control.loop.Plan;
import dev.kapell.control.loop.Planner;
import dev.kapell.control.storage.LocalStorage;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Gives a new cluster the class {@code local-path}, once: who deletes it does not get it back. A
 * mark on the namespace {@code kube-system} remembers that.
 */
public final class DefaultClassController implements Planner<String, DefaultClassController.Seen> {
  private static final String NAMESPACE = "kube-system";
  private static final String CLASS = "local-path";
  private static final String MARK = "kapell.dev/local-path-class";

  /** The namespace that remembers, and the class if it is there. */
  record Seen(Namespace namespace, Optional<StorageClass> present) {}

  private final Cache<Namespace> namespaces;
  private final Cache<StorageClass> classes;

  private DefaultClassController(LoopContext context) {
    this.namespaces =
        context.caches().of(Types.NAMESPACE, ListQuery.ALL.fields("metadata.name=" + NAMESPACE));
    this.classes = context.caches().of(Types.STORAGE_CLASS);
  }

  /** Starts the loop. */
  public static ControlLoop<String> start(LoopContext context) {
    DefaultClassController controller = new DefaultClassController(context);
    ControlLoop<String> loop = context.planned("defaultclass", controller);
    controller.namespaces.onChange(
        (before, after) -> {
          if (after != null) {
            loop.add(NAMESPACE);
          }
        });
    return loop.start(1);
  }

  @Override
  public Optional<Seen> observe(String name) {
    return namespaces
        .find(ObjectKey.cluster(name))
        .map(namespace -> new Seen(namespace, classes.find(ObjectKey.cluster(CLASS))));
  }

  @Override
  public Plan decide(Seen seen, Instant now) {
    return next(seen);
  }

  static Plan next(Seen seen) {
    Namespace namespace = seen.namespace();
    Map<String, String> marks = new LinkedHashMap<>(namespace.metadata().annotations());
    if (marks.put(MARK, "created") != null) {
      return Plan.NOTHING;
    }
    Plan.Builder plan = new Plan.Builder();
    if (seen.present().isEmpty()) {
      plan.add(Change.create(Types.STORAGE_CLASS, localPath(), "a new cluster"));
    }
    return plan.add(
            Change.update(
                Types.NAMESPACE,
                namespace,
                namespace.withMetadata(namespace.metadata().withAnnotations(marks)),
                "the class was made"))
        .build();
  }

  private static StorageClass localPath() {
    return StorageClass.builder()
        .metadata(
            ObjectMeta.builder()
                .name(CLASS)
                .annotations(Map.of("storageclass.kubernetes.io/is-default-class", "true"))
                .build())
        .provisioner(LocalStorage.PROVISIONER)
        .reclaimPolicy("Delete")
        .volumeBindingMode("WaitForFirstConsumer")
        .allowVolumeExpansion(true)
        .build();
  }
}
