package dev.kapell.apiserver.registry;

import dev.kapell.apiserver.request.FieldValidation;
import java.util.List;
import java.util.Map;

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
}
