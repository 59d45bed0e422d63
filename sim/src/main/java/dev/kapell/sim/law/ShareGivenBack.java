package dev.kapell.sim.law;

import dev.kapell.api.Types;
import dev.kapell.api.core.v1.Node;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.resource.Quantity;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.match.BatchMarks;
import dev.kapell.sim.story.Picture;
import java.util.Map;
import java.util.Optional;

/**
 * In the end no pod waits with which its queue stays within what it is entitled to, while pods of
 * queues that have more than that take up the room that it needs.
 */
final class ShareGivenBack implements Law {
  @Override
  public void atRest(Scene scene) {
    Map<String, QueueFacts> queues = QueueFacts.all(scene.picture());
    if (queues.isEmpty()) {
      return;
    }
    scene.picture().all(Types.POD).stream()
        .filter(pod -> queues.containsKey(QueueFacts.of(pod)) && waits(pod))
        .forEach(pod -> check(pod, queues, scene));
  }

  private static boolean waits(Pod pod) {
    return pod.spec().nodeNameOr("").isEmpty()
        && !Facts.isDeleting(pod)
        && !pod.metadata().annotations().containsKey(BatchMarks.GANG)
        && !pod.spec().preemptionPolicyOr("").equals("Never");
  }

  private void check(Pod pod, Map<String, QueueFacts> queues, Scene scene) {
    String queue = QueueFacts.of(pod);
    long wanted = QueueFacts.used(scene.picture(), queue) + QueueFacts.milli(pod);
    long entitled = QueueFacts.entitlement(queues, queue, total(scene.picture()));
    long limit =
        Optional.ofNullable(queues.get(queue)).flatMap(QueueFacts::limit).orElse(Long.MAX_VALUE);
    if (wanted > Math.min(entitled, limit)) {
      return;
    }
    for (Node node : scene.picture().all(Types.NODE)) {
      if (room(node, queue, queues, scene.picture()) >= QueueFacts.milli(pod)) {
        scene.broken(
            this,
            "pod "
                + ObjectKey.of(pod)
                + " waits, with it queue "
                + queue
                + " would have "
                + wanted
                + "m of "
                + entitled
                + "m cpu, and others have more than their part on "
                + node.metadata().name());
      }
    }
  }

  private static long total(Picture picture) {
    return picture.all(Types.NODE).stream().mapToLong(ShareGivenBack::cpu).sum();
  }

  private static long cpu(Node node) {
    return QueueFacts.milli(node.status().allocatable().getOrDefault("cpu", Quantity.ZERO));
  }

  /** What is free on the node, and what those have there who are to give back. */
  private static long room(
      Node node, String queue, Map<String, QueueFacts> queues, Picture picture) {
    long total = total(picture);
    return cpu(node)
        - QueueFacts.placed(picture)
            .filter(pod -> node.metadata().nameOr("").equals(pod.spec().nodeNameOr("")))
            .filter(
                pod -> {
                  String other = QueueFacts.of(pod);
                  boolean borrows =
                      QueueFacts.used(picture, other)
                          > QueueFacts.entitlement(queues, other, total);
                  return other.isEmpty() || other.equals(queue) || !borrows;
                })
            .mapToLong(QueueFacts::milli)
            .sum();
  }
}
