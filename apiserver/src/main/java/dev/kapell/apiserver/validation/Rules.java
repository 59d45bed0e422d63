package dev.kapell.apiserver.validation;

import dev.kapell.apiserver.tree.Obj;

/**
 * What an object of a kind has to obey, after defaults. It has no constants: an interface that has
 * some, and default methods, keeps its lambdas out of the JVM's AOT cache.
 */
public interface Rules {
  /** A kind without rules of its own. */
  static Rules none() {
    return (object, errors) -> {};
  }

  /** Reports what is wrong with {@code object}. */
  void check(Obj object, Errors errors);

  /** Reports what may not change from {@code old}; {@link #check} runs besides. */
  default void checkChange(Obj object, Obj old, Errors errors) {}

  /** Reports what is wrong with {@code object} when it replaces {@code old}. */
  default void checkUpdate(Obj object, Obj old, Errors errors) {
    check(object, errors);
    checkChange(object, old, errors);
  }

  /** Reports what is wrong with the status of {@code object}, before a write of that alone. */
  default void checkStatus(Obj object, Obj old, Errors errors) {}

  /**
   * Reports what is wrong with {@code object} when it replaces {@code old} by a write of the
   * subresource {@code part}, other than the status.
   */
  default void checkPart(String part, Obj object, Obj old, Errors errors) {
    check(object, errors);
  }

  /** The same rules with {@code birth} for new objects. */
  default Rules onCreate(Rules birth) {
    return new BirthRules(this, birth);
  }

  /** The same rules with {@code change} for updates. */
  default Rules onChange(Change change) {
    return onPart("", change);
  }

  /** The same rules with {@code change} for writes of the status. */
  default Rules onStatus(Change change) {
    return onPart("status", change);
  }

  /** The same rules with {@code change} for writes of the subresource {@code part}. */
  default Rules onPart(String part, Change change) {
    return new ExtendedRules(this, part, change);
  }

  /** Rules on a change. */
  @FunctionalInterface
  interface Change {
    /** Every change is allowed. */
    Change NONE = (object, old, errors) -> {};

    /** Reports what may not change from {@code old} to {@code object}. */
    void check(Obj object, Obj old, Errors errors);
  }

  /**
   * The rules of a kind, by its qualified resource name, for instance {@code deployments.apps}.
   * They are put together at their first use, not when a server starts.
   */
  static Rules of(String qualifiedResource) {
    return new NamedRules(qualifiedResource);
  }
}
