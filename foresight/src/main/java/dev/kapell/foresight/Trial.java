package dev.kapell.foresight;

import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodSpec;
import dev.kapell.apiserver.foresight.Foreseer;
import dev.kapell.client.ObjectKey;
import java.util.Optional;

/**
 * Tries pods against the server's admission, as if the other objects of a plan were there already:
 * what they bring along is left out of the trial, and put back behind it.
 */
final class Trial {
  /** Stands in for a namespace that does not exist yet. */
  private static final String STAND_IN = "default";

  private final Wanted wanted;
  private final Foreseer.Admitting admission;

  Trial(Wanted wanted, Foreseer.Admitting admission) {
    this.wanted = wanted;
    this.admission = admission;
  }

  /** The pod as the server would store it; throws {@code ApiFailure} when it would not. */
  Pod admit(Pod pod) {
    String namespace = pod.metadata().namespaceOr("");
    boolean isNew = wanted.hasNamespace(namespace);
    PodSpec spec = pod.spec();
    String account = spec.serviceAccountNameOr("");
    Pod tried = pod;
    if (isNew) {
      tried = tried.withMetadata(tried.metadata().withNamespace(STAND_IN));
    }
    if (isNew || wanted.hasAccount(new ObjectKey(namespace, account))) {
      tried = tried.withSpec(tried.spec().withServiceAccountName(null));
    }
    Optional<Integer> priority =
        wanted.priorityClass(spec.priorityClassNameOr("")).map(c -> c.valueOr(0));
    if (priority.isPresent()) {
      tried = tried.withSpec(tried.spec().withPriorityClassName(null).withPriority(null));
    }
    Pod admitted = admission.admit(tried);
    Pod back = admitted.withMetadata(admitted.metadata().withNamespace(namespace));
    return priority.isPresent() ? back.withSpec(back.spec().withPriority(priority.get())) : back;
  }
}
