package dev.kapell.apiserver.registry;

import dev.kapell.apiserver.fields.Shape;
import dev.kapell.apiserver.request.FieldValidation;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Knows the fields of a kind in one version. */
public interface Form {
  /**
   * The tree in canonical form: known fields only, each of its type.
   *
   * @param tree what a client sent, or a patch made; may be changed
   * @param unknown what happens to unknown fields
   * @param warnings gets a line for each unknown field when {@code unknown} says so
   * @throws dev.kapell.client.ApiFailure {@code BadRequest} with the path of what does not fit
   */
  Map<String, Object> canonical(
      Map<String, Object> tree, FieldValidation unknown, List<String> warnings);

  /** The same from the text that a client sent, where repeated fields are noticed too. */
  Map<String, Object> canonical(byte[] json, FieldValidation unknown, List<String> warnings);

  /**
   * The same from JSON that the kind's own codec wrote: nothing in it has to be looked for.
   *
   * @param tree what was read from it; may be changed
   */
  default Map<String, Object> complete(
      Map<String, Object> tree, FieldValidation unknown, List<String> warnings) {
    return canonical(tree, unknown, warnings);
  }

  /** Which of its fields are owned one by one. */
  Shape shape();

  /** The status of an object that has just been made, new each time; empty when it has none. */
  Optional<Map<String, Object>> emptyStatus();

  /** An object without any content, as ownership compares a new one with. */
  Map<String, Object> empty();
}
