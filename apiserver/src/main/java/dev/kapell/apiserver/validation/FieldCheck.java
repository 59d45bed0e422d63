package dev.kapell.apiserver.validation;

import org.jspecify.annotations.Nullable;

/** What one value has to obey. */
@FunctionalInterface
interface FieldCheck {
  /**
   * Reports what is wrong with {@code value}.
   *
   * @param value null when absent
   * @param at where it stands
   */
  void check(@Nullable Object value, Trail at, Errors errors);
}
