package dev.kapell.sim.law;

import dev.kapell.api.core.v1.Pod;
import dev.kapell.sim.story.Moment;
import java.util.Optional;

/** The pods of a queue that have nodes never ask for more than the queue's limit. */
final class QueueLimitKept implements Law {
  @Override
  public void at(Moment moment, Scene scene) {
    if (!Bindings.isBinding(moment)) {
      return;
    }
    String queue = QueueFacts.of(moment.after(Pod.class).orElseThrow());
    Optional<Long> limit =
        Optional.ofNullable(QueueFacts.all(scene.picture()).get(queue)).flatMap(QueueFacts::limit);
    long asked = QueueFacts.used(scene.picture(), queue);
    if (limit.isPresent() && asked > limit.get()) {
      scene.broken(
          this,
          "the pods of queue "
              + queue
              + " ask for "
              + asked
              + "m cpu, its limit is "
              + limit.get()
              + "m");
    }
  }
}
