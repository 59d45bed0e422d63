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
  private final Optional<Catalog> remote;

  /** Stored resources come first; a computed one that is also stored is left out. */
  public MergedCatalog(Catalog stored, List<Computed> computed) {
    this(stored, computed, Optional.empty());
  }

  private MergedCatalog(Catalog stored, List<Computed> computed, Optional<Catalog> remote) {
    this.stored = stored;
    this.computed = List.copyOf(computed);
    this.remote = remote;
  }

  /** The same with what other servers serve. */
  public MergedCatalog with(Catalog others) {
    return new MergedCatalog(stored, computed, Optional.of(others));
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
    remote.ifPresent(
        others ->
            others.all().stream()
                .filter(each -> findHere(each.group(), each.version(), each.plural()).isEmpty())
                .forEach(all::add));
    return all;
  }

  @Override
  public Optional<Resource> find(String group, String version, String plural) {
    return findHere(group, version, plural)
        .or(() -> remote.flatMap(others -> others.find(group, version, plural)));
  }

  private Optional<Resource> findHere(String group, String version, String plural) {
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
    return stored.generation() + remote.map(Catalog::generation).orElse(0L);
  }

  @Override
  public void onChange(Runnable changed) {
    stored.onChange(changed);
  }
}
