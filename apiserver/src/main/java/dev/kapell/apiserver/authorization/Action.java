package dev.kapell.apiserver.authorization;

import dev.kapell.api.DecodeException;
import dev.kapell.api.selector.FieldQuery;
import dev.kapell.api.selector.LabelQuery;
import dev.kapell.apiserver.request.Target;
import dev.kapell.apiserver.request.Verb;
import java.util.Optional;
import java.util.function.Function;

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

  /** The same, on the object of this name. */
  public Action on(String name) {
    return new Action(verb, target.map(each -> each.named(name)), path, fields, labels);
  }

  /**
   * The same, narrowed down by selectors in their text form. One that cannot be read narrows
   * nothing down: what is then asked for is more.
   */
  public Action selecting(String fieldSelector, String labelSelector) {
    return selecting(
        orEverything(FieldQuery::parse, fieldSelector, FieldQuery.EVERYTHING),
        orEverything(LabelQuery::parse, labelSelector, LabelQuery.EVERYTHING));
  }

  private static <Q> Q orEverything(Function<String, Q> parse, String text, Q everything) {
    try {
      return parse.apply(text);
    } catch (DecodeException unreadable) {
      return everything; // whoever reads the objects refuses it in its own words
    }
  }

  /** The same, on fewer objects. */
  public Action selecting(FieldQuery fieldQuery, LabelQuery labelQuery) {
    return new Action(verb, target, path, fieldQuery, labelQuery);
  }
}
