package dev.kapell.apiserver.authorization;

import dev.kapell.apiserver.request.Target;
import dev.kapell.apiserver.request.Verb;
import java.util.Optional;

/**
 * What somebody wants to do.
 *
 * @param verb for instance {@code list}
 * @param target the resource; absent for a path that is none
 * @param path for instance {@code /metrics}; empty for a resource
 */
public record Action(String verb, Optional<Target> target, String path) {
  /** On a resource. */
  public static Action on(Verb verb, Target target) {
    return new Action(verb.word(), Optional.of(target), "");
  }

  /** On a resource, with any verb. */
  public static Action on(String verb, Target target) {
    return new Action(verb, Optional.of(target), "");
  }

  /** On a path. */
  public static Action path(String verb, String path) {
    return new Action(verb, Optional.empty(), path);
  }
}
