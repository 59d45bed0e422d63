package dev.kapell.scheduler.demand;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What selectors see of a pod: its namespace and labels. Immutable; the hash is kept. */
public final class Kin {
  private final String namespace;
  private final Map<String, String> labels;
  private final int hash;

  /** Of a pod with these. */
  public Kin(String namespace, Map<String, String> labels) {
    this.namespace = namespace;
    this.labels = labels;
    this.hash = 31 * namespace.hashCode() + labels.hashCode();
  }

  /** The namespace. */
  public String namespace() {
    return namespace;
  }

  /** The labels. */
  public Map<String, String> labels() {
    return labels;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other
        || (other instanceof Kin that
            && hash == that.hash
            && namespace.equals(that.namespace)
            && labels.equals(that.labels));
  }

  @Override
  public int hashCode() {
    return hash;
  }
}
