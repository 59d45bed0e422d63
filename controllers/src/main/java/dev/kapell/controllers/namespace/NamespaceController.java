package dev.kapell.controllers.namespace;

import dev.kapell.api.ApiObject;
import dev.kapell.api.ResourceType;
import dev.kapell.api.Types;
import dev.kapell.api.core.v1.Namespace;
import dev.kapell.api.core.v1.NamespaceCondition;
import dev.kapell.client.ApiFailure;
import dev.kapell.client.ObjectKey;
import dev.kapell.client.Patch;
import dev.kapell.control.cache.Cache;
import dev.kapell.control.loop.ControlLoop;
import dev.kapell.control.loop.LoopContext;
import dev.kapell.control.loop.Outcome;
import dev.kapell.controllers.kinds.Kinds;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Empties namespaces that have been deleted, says in their conditions what keeps them, and takes
 * off the finalizer {@code kubernetes} when nothing is left.
 */
public final class NamespaceController {
  private static final String FINALIZER = "kubernetes";

  private final LoopContext context;
  private final Kinds kinds;
  private final Emptying emptying;
  private final Cache<Namespace> namespaces;

  private NamespaceController(LoopContext context, Kinds kinds) {
    this.context = context;
    this.kinds = kinds;
    this.emptying = new Emptying(context.client());
    this.namespaces = context.caches().of(Types.NAMESPACE);
  }

  /** Starts the loop with {@code workers} threads. */
  public static ControlLoop<String> start(LoopContext context, Kinds kinds, int workers) {
    NamespaceController controller = new NamespaceController(context, kinds);
    ControlLoop<String> loop = context.loop("namespace", controller::reconcile);
    controller.namespaces.onChange(
        (before, after) -> {
          if (after != null && after.metadata().deletionTimestamp() != null) {
            loop.add(after.metadata().nameOr(""));
          }
        });
    for (ResourceType<?> type : kinds.owning()) {
      if (type.namespaced()) {
        controller.wakeWhenGone(context.caches().metadata(type), loop);
      }
    }
    return loop.start(workers);
  }

  /** The last object that goes makes the namespace go. */
  private <T extends ApiObject> void wakeWhenGone(Cache<T> cache, ControlLoop<String> loop) {
    cache.onChange(
        (before, after) -> {
          if (after == null && before != null) {
            String namespace = before.metadata().namespaceOr("");
            if (isGoing(namespace)) {
              loop.add(namespace);
            }
          }
        });
  }

  private boolean isGoing(String namespace) {
    return namespaces
        .find(ObjectKey.cluster(namespace))
        .map(n -> n.metadata().deletionTimestamp() != null)
        .orElse(false);
  }

  private Outcome reconcile(String name) {
    Optional<Namespace> found = context.client().find(Types.NAMESPACE, ObjectKey.cluster(name));
    if (found.isEmpty() || found.get().metadata().deletionTimestamp() == null) {
      return Outcome.done();
    }
    Namespace namespace = found.get();
    if (!namespace.spec().finalizers().contains(FINALIZER)) {
      return Outcome.done();
    }
    Contents contents = emptying.pass(name, kinds.namespaced());
    Instant now = context.clock().now().truncatedTo(ChronoUnit.SECONDS);
    if (contents.isEmpty()) {
      finalizeNamespace(namespace);
      return Outcome.done();
    }
    Namespace told = withConditions(namespace, contents, now);
    if (!told.equals(namespace)) {
      context.client().updateStatus(Types.NAMESPACE, told);
      if (!contents.finalizers().isEmpty()) {
        context.events().record(told, true, "SomeFinalizersRemain", contents.finalizersText());
      }
    }
    return contents.failure().isEmpty()
        ? Outcome.again(
            Contents.lookAgain(
                Duration.between(namespace.metadata().deletionTimestampOr(now), now)))
        : Outcome.failed(contents.failure());
  }

  private void finalizeNamespace(Namespace namespace) {
    String left =
        namespace.spec().finalizers().stream()
            .filter(f -> !f.equals(FINALIZER))
            .map(f -> '"' + f + '"')
            .collect(Collectors.joining(",", "{\"spec\":{\"finalizers\":[", "]}}"));
    Patch patch = new Patch(Patch.Form.MERGE, left, "finalize", "", false);
    try {
      context.client().patch(Types.NAMESPACE, ObjectKey.of(namespace), patch);
    } catch (ApiFailure e) {
      if (!e.isNotFound()) {
        throw e;
      }
    }
  }

  /** What keeps the namespace. Pure. */
  static Namespace withConditions(Namespace namespace, Contents contents, Instant now) {
    boolean failed = !contents.failure().isEmpty();
    boolean remaining = !contents.remaining().isEmpty();
    boolean finalizers = !contents.finalizers().isEmpty();
    List<NamespaceCondition> wanted =
        List.of(
            condition(
                "NamespaceDeletionDiscoveryFailure",
                false,
                "ResourcesDiscovered",
                "All resources successfully discovered"),
            condition(
                "NamespaceDeletionGroupVersionParsingFailure",
                false,
                "ParsedGroupVersions",
                "All legacy kube types successfully parsed"),
            condition(
                "NamespaceDeletionContentFailure",
                failed,
                failed ? "ContentDeletionFailed" : "ContentDeleted",
                failed
                    ? contents.failure()
                    : "All content successfully deleted, may be waiting on finalization"),
            condition(
                "NamespaceContentRemaining",
                remaining,
                remaining ? "SomeResourcesRemain" : "ContentRemoved",
                remaining ? contents.remainingText() : "All content successfully removed"),
            condition(
                "NamespaceFinalizersRemaining",
                finalizers,
                finalizers ? "SomeFinalizersRemain" : "ContentHasNoFinalizers",
                finalizers
                    ? contents.finalizersText()
                    : "All content-preserving finalizers finished"));
    List<NamespaceCondition> conditions = new ArrayList<>();
    for (NamespaceCondition condition : wanted) {
      conditions.add(settled(namespace, condition, now));
    }
    return namespace.withStatus(
        namespace.status().withPhase("Terminating").withConditions(conditions));
  }

  private static NamespaceCondition condition(
      String type, boolean holds, String reason, String message) {
    return NamespaceCondition.builder()
        .type(type)
        .status(holds ? "True" : "False")
        .reason(reason)
        .message(message)
        .build();
  }

  /** The transition time stays while the status does. */
  private static NamespaceCondition settled(
      Namespace namespace, NamespaceCondition next, Instant now) {
    return namespace.status().conditions().stream()
        .filter(c -> c.typeOr("").equals(next.typeOr("")))
        .filter(c -> c.statusOr("").equals(next.statusOr("")))
        .findFirst()
        .map(known -> next.withLastTransitionTime(known.lastTransitionTime()))
        .orElse(next.withLastTransitionTime(now));
  }
}
