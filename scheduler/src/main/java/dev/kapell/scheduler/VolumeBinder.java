package dev.kapell.scheduler;

import dev.kapell.api.Types;
import dev.kapell.api.core.v1.ObjectReference;
import dev.kapell.api.core.v1.PersistentVolume;
import dev.kapell.api.core.v1.PersistentVolumeClaim;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.api.meta.v1.Status;
import dev.kapell.base.Clock;
import dev.kapell.client.ApiFailure;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.cache.Cache;
import dev.kapell.control.loop.LoopContext;
import dev.kapell.scheduler.storage.Choice;
import dev.kapell.scheduler.storage.Matching;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/**
 * Has the claims of a pod bound before the pod is: says which volume is kept for a claim, or for
 * which node one is to be made, and waits until the volume controller and the provisioner have done
 * it. Thread-safe.
 */
final class VolumeBinder {
  private static final String SELECTED_NODE = "volume.kubernetes.io/selected-node";
  private static final String BY_CONTROLLER = "pv.kubernetes.io/bound-by-controller";
  private static final Duration LIMIT = Duration.ofMinutes(10);

  private final LoopContext context;
  private final Cache<PersistentVolumeClaim> claims;

  VolumeBinder(LoopContext context) {
    this.context = context;
    this.claims = context.caches().of(Types.PERSISTENT_VOLUME_CLAIM);
  }

  /** Returns when all are bound, or why that was not to be. */
  Optional<ApiFailure> bind(Pod pod, String node, Choice choice) throws InterruptedException {
    try {
      choice.matches().forEach(this::keep);
      choice.provisioned().forEach(claim -> select(claim, node));
      List<ObjectKey> waited = new ArrayList<>(choice.provisioned());
      choice.matches().forEach(match -> waited.add(match.claim()));
      if (!awaitSettled(choice, node)) {
        return Optional.of(late(pod));
      }
      waited.forEach(claim -> requireInReach(claim, node));
      return Optional.empty();
    } catch (ApiFailure e) {
      return Optional.of(e);
    }
  }

  private static ApiFailure late(Pod pod) {
    return failure(
        504, "Timeout", "claims of pod " + ObjectKey.of(pod) + " were not bound within " + LIMIT);
  }

  private static ApiFailure failure(int code, String reason, String message) {
    return new ApiFailure(
        Status.builder().status("Failure").code(code).reason(reason).message(message).build());
  }

  private static ApiFailure conflict(String message) {
    return failure(409, "Conflict", message);
  }

  /** What was bound meanwhile, perhaps by others, has to serve the pod where it goes. */
  private void requireInReach(ObjectKey key, String node) {
    PersistentVolumeClaim claim = context.client().get(Types.PERSISTENT_VOLUME_CLAIM, key);
    String name = claim.spec().volumeNameOr("");
    if (name.isEmpty()) {
      throw conflict("claim " + key + " was to get a volume on another node than " + node);
    }
    PersistentVolume volume =
        context.client().get(Types.PERSISTENT_VOLUME, ObjectKey.cluster(name));
    if (!Matching.isReachable(volume, context.client().get(Types.NODE, ObjectKey.cluster(node)))) {
      throw conflict(
          "claim " + key + " got volume " + name + ", which " + node + " does not reach");
    }
  }

  private void keep(Choice.Match match) {
    PersistentVolume volume =
        context.client().get(Types.PERSISTENT_VOLUME, ObjectKey.cluster(match.volume()));
    PersistentVolumeClaim claim =
        context.client().get(Types.PERSISTENT_VOLUME_CLAIM, match.claim());
    String has = claim.spec().volumeNameOr("");
    if (!has.isEmpty() && !has.equals(match.volume())) {
      throw conflict("claim " + match.claim() + " has volume " + has + " meanwhile");
    }
    ObjectReference kept = volume.spec().claimRef();
    if (kept != null && !Matching.isFor(kept, claim)) {
      throw conflict(
          "volume " + match.volume() + " is kept for another claim than " + match.claim());
    }
    ObjectReference reference =
        ObjectReference.builder()
            .apiVersion("v1")
            .kind("PersistentVolumeClaim")
            .namespace(claim.metadata().namespace())
            .name(claim.metadata().name())
            .uid(claim.metadata().uid())
            .resourceVersion(claim.metadata().resourceVersion())
            .build();
    context
        .client()
        .update(
            Types.PERSISTENT_VOLUME,
            volume
                .withSpec(volume.spec().withClaimRef(reference))
                .withMetadata(annotated(volume.metadata(), BY_CONTROLLER, "yes")));
  }

  private void select(ObjectKey key, String node) {
    PersistentVolumeClaim claim = context.client().get(Types.PERSISTENT_VOLUME_CLAIM, key);
    String selected = claim.metadata().annotations().getOrDefault(SELECTED_NODE, "");
    if (!selected.isEmpty() && !selected.equals(node)) {
      throw conflict("claim " + key + " gets its volume on node " + selected + " meanwhile");
    }
    if (selected.isEmpty() && claim.spec().volumeNameOr("").isEmpty()) {
      claims.written(
          context
              .client()
              .update(
                  Types.PERSISTENT_VOLUME_CLAIM,
                  claim.withMetadata(annotated(claim.metadata(), SELECTED_NODE, node))));
    }
  }

  private static ObjectMeta annotated(ObjectMeta meta, String key, String value) {
    Map<String, String> annotations = new HashMap<>(meta.annotations());
    annotations.put(key, value);
    return meta.withAnnotations(annotations);
  }

  /** Waits until each is bound or will not be; false when that takes too long. */
  private boolean awaitSettled(Choice choice, String node) throws InterruptedException {
    CountDownLatch done = new CountDownLatch(1);
    Runnable look =
        () -> {
          if (isSettled(choice, node)) {
            done.countDown();
          }
        };
    Clock.Alarm alarm = context.clock().schedule(LIMIT, done::countDown);
    Cache.Registration listening = claims.onChange((before, after) -> look.run());
    try {
      done.await();
      return isSettled(choice, node);
    } finally {
      listening.close();
      alarm.cancel();
    }
  }

  private boolean isSettled(Choice choice, String node) {
    return choice.matches().stream().allMatch(match -> isBoundOrGone(match.claim()))
        && choice.provisioned().stream()
            .allMatch(key -> isBoundOrGone(key) || isGivenBack(key, node));
  }

  private boolean isBoundOrGone(ObjectKey key) {
    return claims.find(key).map(claim -> !claim.spec().volumeNameOr("").isEmpty()).orElse(true);
  }

  /** Whoever was to make its volume there cannot. */
  private boolean isGivenBack(ObjectKey key, String node) {
    return claims
        .find(key)
        .map(claim -> !node.equals(claim.metadata().annotations().get(SELECTED_NODE)))
        .orElse(true);
  }
}
