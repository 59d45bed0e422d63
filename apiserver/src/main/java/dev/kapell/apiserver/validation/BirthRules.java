package dev.kapell.apiserver.validation;

import dev.kapell.apiserver.tree.Obj;

/**
 * Rules, and others that only a new object has to obey.
 *
 * @param rules they
 * @param birth the others
 */
record BirthRules(Rules rules, Rules birth) implements Rules {
  @Override
  public void check(Obj object, Errors errors) {
    rules.check(object, errors);
    birth.check(object, errors);
  }

  @Override
  public void checkChange(Obj object, Obj old, Errors errors) {
    rules.checkChange(object, old, errors);
  }

  @Override
  public void checkUpdate(Obj object, Obj old, Errors errors) {
    rules.checkUpdate(object, old, errors);
  }

  @Override
  public void checkStatus(Obj object, Obj old, Errors errors) {
    rules.checkStatus(object, old, errors);
  }

  @Override
  public void checkPart(String part, Obj object, Obj old, Errors errors) {
    rules.checkPart(part, object, old, errors);
  }
}
