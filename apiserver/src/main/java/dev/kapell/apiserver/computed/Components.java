package dev.kapell.apiserver.computed;

import dev.kapell.api.JsonCodec;
import dev.kapell.apiserver.request.Answer;
import dev.kapell.apiserver.request.ApiRequest;
import dev.kapell.apiserver.request.Failures;
import dev.kapell.apiserver.request.Resource;
import dev.kapell.apiserver.request.Verb;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.store.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The deprecated {@code ComponentStatus}: of what this server can see itself, which is its store.
 */
public final class Components implements Computed {
  private static final String NAME = "store";
  private static final String DEPRECATED = "v1 ComponentStatus is deprecated in v1.19+";
  private static final Resource RESOURCE =
      new Resource(
          "",
          "v1",
          "ComponentStatus",
          "componentstatuses",
          "componentstatus",
          false,
          List.of("cs"),
          List.of(),
          List.of("get", "list"),
          List.of(),
          Optional.empty(),
          Resource.Custom.NONE);

  private final Store store;

  /** Looks at {@code store}. */
  public Components(Store store) {
    this.store = store;
  }

  @Override
  public List<Resource> resources() {
    return List.of(RESOURCE);
  }

  @Override
  public Answer handle(ApiRequest request) {
    long revision = store.snapshot().revision();
    byte[] component = JsonCodec.writeTree(component(revision));
    if (request.verb() == Verb.LIST) {
      return new Answer.Listed(RESOURCE, List.of(component), Long.toString(revision), "", -1);
    }
    if (request.verb() != Verb.GET) {
      throw Failures.methodNotAllowed(RESOURCE, request.verb());
    }
    if (!request.target().name().equals(NAME)) {
      throw Failures.notFound(RESOURCE, request.target().name());
    }
    return new Answer.Single(200, component, RESOURCE, List.of(DEPRECATED));
  }

  private static java.util.Map<String, Object> component(long revision) {
    return Obj.tree(
        "kind",
        RESOURCE.kind(),
        "apiVersion",
        "v1",
        "metadata",
        Obj.tree("name", NAME),
        "conditions",
        new ArrayList<Object>(
            List.of(
                Obj.tree("type", "Healthy", "status", "True", "message", "revision " + revision))));
  }
}
