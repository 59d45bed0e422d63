package dev.kapell.apiserver.computed;

import dev.kapell.apiserver.request.Answer;
import dev.kapell.apiserver.request.ApiRequest;
import dev.kapell.apiserver.request.Failures;
import dev.kapell.apiserver.request.Resource;
import dev.kapell.apiserver.request.Target;
import java.util.List;
import java.util.Optional;

/** Some resources that are answered without the store. Thread-safe. */
public interface Computed {
  /** What it serves. */
  List<Resource> resources();

  /** Answers as the pipeline would; throws {@code ApiFailure} when it refuses. */
  Answer handle(ApiRequest request) throws InterruptedException;

  /** The served resource that {@code request} names; throws {@code ApiFailure} for another. */
  default Resource asked(ApiRequest request) {
    Target target = request.target();
    return find(target.group(), target.version(), target.resource())
        .orElseThrow(Failures::unknownPath);
  }

  /** The served resource that {@code group}, {@code version} and {@code plural} name. */
  default Optional<Resource> find(String group, String version, String plural) {
    return resources().stream()
        .filter(
            resource ->
                resource.plural().equals(plural)
                    && resource.group().equals(group)
                    && resource.version().equals(version))
        .findFirst();
  }
}
