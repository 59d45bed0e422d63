package dev.kapell.sim.law;

import dev.kapell.api.core.v1.Pod;
import dev.kapell.sim.story.Moment;

/** Which changes bind a pod. Pure. */
final class Bindings {
  private Bindings() {}

  /** A pod that had no node has one now. */
  static boolean isBinding(Moment moment) {
    return moment.before(Pod.class).map(pod -> pod.spec().nodeNameOr("").isEmpty()).orElse(false)
        && moment.after(Pod.class).map(pod -> !pod.spec().nodeNameOr("").isEmpty()).orElse(false);
  }
}
