package dev.kapell.apiserver.definition;

import dev.kapell.apiserver.request.FieldError;
import dev.kapell.apiserver.validation.Errors;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** What is wrong with the versions of a definition. Belongs to one request. */
final class Findings {
  private final Errors errors = new Errors();
  private final Set<Ratchet> broken = EnumSet.noneOf(Ratchet.class);
  private final Set<Ratchet> forgiven;

  /** {@code forgiven}: what the definition broke already. */
  Findings(Set<Ratchet> forgiven) {
    this.forgiven = forgiven;
  }

  /** To report what is never forgiven. */
  Errors errors() {
    return errors;
  }

  /** Reports what is forgiven to a definition that was so before. */
  void add(Ratchet rule, FieldError error) {
    broken.add(rule);
    if (!forgiven.contains(rule)) {
      errors.add(error);
    }
  }

  /** The rules that were broken, forgiven or not. */
  Set<Ratchet> broken() {
    return broken;
  }

  List<FieldError> list() {
    return errors.list();
  }
}
