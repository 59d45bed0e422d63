package dev.kapell.apiserver.validation;

import dev.kapell.apiserver.tree.Obj;

/**
 * The rules of a kind, looked up when they are needed.
 *
 * @param kind its qualified resource name
 */
record NamedRules(String kind) implements Rules {
  private Rules rules() {
    return RulesTable.of(kind);
  }

  @Override
  public void check(Obj object, Errors errors) {
    rules().check(object, errors);
  }

  @Override
  public void checkChange(Obj object, Obj old, Errors errors) {
    rules().checkChange(object, old, errors);
  }

  @Override
  public void checkUpdate(Obj object, Obj old, Errors errors) {
    rules().checkUpdate(object, old, errors);
  }

  @Override
  public void checkStatus(Obj object, Obj old, Errors errors) {
    rules().checkStatus(object, old, errors);
  }

  @Override
  public void checkPart(String part, Obj object, Obj old, Errors errors) {
    rules().checkPart(part, object, old, errors);
  }
}
