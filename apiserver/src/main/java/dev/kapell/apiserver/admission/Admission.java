package dev.kapell.apiserver.admission;

import dev.kapell.apiserver.request.ApiRequest;
import dev.kapell.apiserver.request.Resource;
import dev.kapell.apiserver.tree.Obj;
import java.util.List;
import java.util.Optional;

/**
 * Changes or refuses objects that are about to be stored. Thread-safe.
 *
 * <p>A write meets every plugin twice: first {@link #admit}, which may change the object; then,
 * once it is defaulted and valid, {@link #validate}, which may not. A delete meets {@link
 * #validate} only, with the object that is to go.
 */
public interface Admission {
  /** What is done to the object. */
  enum Operation {
    /** It is new; or something is posted to a subresource. */
    CREATE,
    /** It changes. */
    UPDATE,
    /** It goes. */
    DELETE,
    /** A conversation with it begins. */
    CONNECT
  }

  /**
   * A write that is under way.
   *
   * @param request as it came
   * @param resource what is written
   * @param operation what is done
   * @param old the object before the write, in the stored version, not to be changed; empty when it
   *     is new
   * @param lookup to read other objects
   * @param warnings what the client is to be told; plugins add to it
   * @param rounds whether the plugins are asked a second time
   */
  record Attempt(
      ApiRequest request,
      Resource resource,
      Operation operation,
      Optional<Obj> old,
      Lookup lookup,
      List<String> warnings,
      Rounds rounds) {
    /** Whether the object is new. */
    public boolean create() {
      return operation == Operation.CREATE;
    }

    /** Whether the object itself, and not a subresource, of {@code qualifiedName} is created. */
    public boolean creates(String qualifiedName) {
      return create() && isFor(qualifiedName);
    }

    /** Whether the object itself, and not a subresource, of {@code qualifiedName} is changed. */
    public boolean updates(String qualifiedName) {
      return operation == Operation.UPDATE && isFor(qualifiedName);
    }

    /** Whether it is about the object itself, and not a subresource, of {@code qualifiedName}. */
    public boolean isFor(String qualifiedName) {
      return subresource().isEmpty() && resource.qualifiedName().equals(qualifiedName);
    }

    /** The subresource; empty for the object itself. */
    public String subresource() {
      return request.target().subresource();
    }

    /** The namespace; empty for cluster-scoped objects. */
    public String namespace() {
      return request.target().namespace();
    }
  }

  /** Changes {@code object}, or throws a failure. */
  default void admit(Attempt attempt, Obj object) {}

  /** Throws a failure unless {@code object} may be. */
  default void validate(Attempt attempt, Obj object) {}

  /**
   * Each of {@code plugins} in turn; all of them once more when one of them changed what others had
   * seen already.
   */
  static Admission all(List<Admission> plugins) {
    List<Admission> chain = List.copyOf(plugins);
    return new Admission() {
      @Override
      public void admit(Attempt attempt, Obj object) {
        chain.forEach(plugin -> plugin.admit(attempt, object));
        if (attempt.rounds().beginSecond()) {
          chain.forEach(plugin -> plugin.admit(attempt, object));
        }
      }

      @Override
      public void validate(Attempt attempt, Obj object) {
        chain.forEach(plugin -> plugin.validate(attempt, object));
      }
    };
  }
}
