package dev.kapell.apiserver.validation;

import dev.kapell.apiserver.tree.Obj;

/** What the fields of one object have to obey together, wherever its type stands. */
@FunctionalInterface
interface Law {
  /** Reports what is wrong. */
  void check(Obj object, Errors errors);
}
