package dev.kapell.apiserver.admission;

import dev.kapell.apiserver.request.ApiRequest;
import dev.kapell.apiserver.request.Resource;
import dev.kapell.apiserver.tree.Obj;
import java.util.List;

/** Changes or refuses objects that are about to be stored. Thread-safe. */
public interface Admission {

  /**
   * A write that is under way.
   *
   * @param request as it came
   * @param resource what is written
   * @param create whether the object is new
   * @param lookup to read other objects
   */
  record Attempt(ApiRequest request, Resource resource, boolean create, Lookup lookup) {
    /** Whether the object itself, and not a subresource, of {@code qualifiedName} is created. */
    public boolean creates(String qualifiedName) {
      return create
          && resource.qualifiedName().equals(qualifiedName)
          && request.target().subresource().isEmpty();
    }
  }

  /** Changes {@code object}, or throws a failure. */
  void admit(Attempt attempt, Obj object);

  /** Each of {@code plugins} in turn. */
  static Admission all(List<Admission> plugins) {
    List<Admission> chain = List.copyOf(plugins);
    return (attempt, object) -> chain.forEach(plugin -> plugin.admit(attempt, object));
  }
}
