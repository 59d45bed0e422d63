package dev.kapell.apiserver.authorization;

import dev.kapell.api.selector.FieldQuery;
import dev.kapell.api.selector.LabelQuery;
import dev.kapell.apiserver.request.Target;
import dev.kapell.apiserver.request.Verb;
import java.util.Optional;

/**
 * What somebody wants to do.
 *
 * @param verb for instance {@code list}
 * @param target the resource; absent for a path that is none
 * @param path for instance {@code /metrics}; empty for a resource
 * @param fields what a collection is narrowed to by fields
 * @param labels what a collection is narrowed to by labels
 */
public record Action(
    String verb, Optional<Target> target, String path, FieldQuery fields, LabelQuery labels) {
  /** On a resource. */
  public static Action on(Verb verb, Target target) {
    return on(verb.word(), target);
  }

  /** On a resource, with any verb. */
  public static Action on(String verb, Target target) {
    return new Action(verb, Optional.of(target), "", FieldQuery.EVERYTHING, LabelQuery.EVERYTHING);
  }

  /** On a path. */
  public static Action path(String verb, String path) {
    return new Action(verb, Optional.empty(), path, FieldQuery.EVERYTHING, LabelQuery.EVERYTHING);
  }

  /** The same, on fewer objects. */
  public Action selecting(FieldQuery fieldQuery, LabelQuery labelQuery) {
    return new Action(verb, target, path, fieldQuery, labelQuery);
  }
}
