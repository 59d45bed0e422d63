package dev.kapell.apiserver.validation;

import dev.kapell.apiserver.tree.Obj;

/**
 * Rules to which others were added.
 *
 * @param rules they
 * @param part for writes of which subresource; empty for updates of the whole
 * @param change what else is checked there
 */
record ExtendedRules(Rules rules, String part, Change change) implements Rules {
  @Override
  public void check(Obj object, Errors errors) {
    rules.check(object, errors);
  }

  @Override
  public void checkChange(Obj object, Obj old, Errors errors) {
    rules.checkChange(object, old, errors);
    if (part.isEmpty()) {
      change.check(object, old, errors);
    }
  }

  @Override
  public void checkStatus(Obj object, Obj old, Errors errors) {
    rules.checkStatus(object, old, errors);
    if (part.equals("status")) {
      change.check(object, old, errors);
    }
  }

  @Override
  public void checkPart(String written, Obj object, Obj old, Errors errors) {
    rules.checkPart(written, object, old, errors);
    if (part.equals(written)) {
      change.check(object, old, errors);
    }
  }
}
