package dev.kapell.apiserver.computed;

import dev.kapell.apiserver.request.Catalog;
import dev.kapell.apiserver.request.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the pipeline serves and what is computed, as one. */
public final class MergedCatalog implements Catalog {
  private final Catalog stored;
  private final List<Computed> computed;

  /** Stored resources come first; a computed one that is also stored is left out. */
  public MergedCatalog(Catalog stored, List<Computed> computed) {
    this.stored = stored;
    this.computed = List.copyOf(computed);
  }

  @Override
  public List<Resource> all() {
    List<Resource> all = new ArrayList<>(stored.all());
    for (Computed each : computed) {
      for (Resource resource : each.resources()) {
        if (stored.find(resource.group(), resource.version(), resource.plural()).isEmpty()) {
          all.add(resource);
        }
      }
    }
    return all;
  }

  @Override
  public Optional<Resource> find(String group, String version, String plural) {
    Optional<Resource> found = stored.find(group, version, plural);
    return found.isPresent()
        ? found
        : computed.stream().flatMap(each -> each.find(group, version, plural).stream()).findFirst();
  }

  /** Who computes a resource, if it is computed. */
  public Optional<Computed> computing(String group, String version, String plural) {
    return computed.stream()
        .filter(each -> each.find(group, version, plural).isPresent())
        .findFirst();
  }

  @Override
  public long generation() {
    return stored.generation();
  }
}
