package dev.kapell.apiserver.validation;

import dev.kapell.apiserver.tree.Obj;

/**
 * Rules to which others were added.
 *
 * @param rules they
 * @param onChange for updates
 * @param onStatus for writes of the status
 */
record ExtendedRules(Rules rules, Change onChange, Change onStatus) implements Rules {
  @Override
  public void check(Obj object, Errors errors) {
    rules.check(object, errors);
  }

  @Override
  public void checkChange(Obj object, Obj old, Errors errors) {
    rules.checkChange(object, old, errors);
    onChange.check(object, old, errors);
  }

  @Override
  public void checkStatus(Obj object, Obj old, Errors errors) {
    rules.checkStatus(object, old, errors);
    onStatus.check(object, old, errors);
  }
}
