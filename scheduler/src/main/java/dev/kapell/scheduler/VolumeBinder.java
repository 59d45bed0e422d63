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
    } catch (ApiFailure e) {
      return Optional.of(e);
    }
    List<ObjectKey> waited = new ArrayList<>(choice.provisioned());
    choice.matches().forEach(match -> waited.add(match.claim()));
    return awaitBound(waited) ? Optional.empty() : Optional.of(late(pod));
  }

  private static ApiFailure late(Pod pod) {
    return new ApiFailure(
        Status.builder()
            .status("Failure")
            .code(504)
            .reason("Timeout")
            .message("claims of pod " + ObjectKey.of(pod) + " were not bound within " + LIMIT)
            .build());
  }

  private void keep(Choice.Match match) {
    PersistentVolume volume =
        context.client().get(Types.PERSISTENT_VOLUME, ObjectKey.cluster(match.volume()));
    PersistentVolumeClaim claim =
        context.client().get(Types.PERSISTENT_VOLUME_CLAIM, match.claim());
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
    if (!node.equals(claim.metadata().annotations().get(SELECTED_NODE))) {
      context
          .client()
          .update(
              Types.PERSISTENT_VOLUME_CLAIM,
              claim.withMetadata(annotated(claim.metadata(), SELECTED_NODE, node)));
    }
  }

  private static ObjectMeta annotated(ObjectMeta meta, String key, String value) {
    Map<String, String> annotations = new HashMap<>(meta.annotations());
    annotations.put(key, value);
    return meta.withAnnotations(annotations);
  }

  private boolean awaitBound(List<ObjectKey> keys) throws InterruptedException {
    CountDownLatch done = new CountDownLatch(1);
    Runnable look =
        () -> {
          if (keys.stream().allMatch(this::isBound)) {
            done.countDown();
          }
        };
    Clock.Alarm alarm = context.clock().schedule(LIMIT, done::countDown);
    Cache.Registration listening = claims.onChange((before, after) -> look.run());
    try {
      done.await();
      return keys.stream().allMatch(this::isBound);
    } finally {
      listening.close();
      alarm.cancel();
    }
  }

  private boolean isBound(ObjectKey key) {
    return claims.find(key).map(claim -> !claim.spec().volumeNameOr("").isEmpty()).orElse(false);
  }
}
