package dev.kapell.controllers.history;

import dev.kapell.api.ApiObject;
import dev.kapell.api.Types;
import dev.kapell.api.apps.v1.ControllerRevision;
import dev.kapell.api.meta.v1.LabelSelector;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.cache.Cache;
import dev.kapell.control.cache.Caches;
import dev.kapell.control.cache.Index;
import dev.kapell.control.cache.Indexes;
import dev.kapell.control.match.Selectors;
import dev.kapell.controllers.workload.Owners;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The revisions of workloads, as they are cached: those that a workload manages and those that it
 * might adopt, left by one of the same name that was deleted without them. Thread-safe.
 */
public final class Revisions {
  private final Cache<ControllerRevision> revisions;
  private final Index<ControllerRevision, String> byManager;
  private final Index<ControllerRevision, String> unmanaged;

  private static final Index.Keys<ControllerRevision, String> UNMANAGED_BY_NAMESPACE =
      revision ->
          Owners.controllerOf(revision).isEmpty()
              ? List.of(revision.metadata().namespaceOr(""))
              : List.of();

  /** Feeds on {@code caches}. */
  public Revisions(Caches caches) {
    this.revisions = caches.of(Types.CONTROLLER_REVISION);
    this.byManager = revisions.index(Indexes.BY_CONTROLLER_UID);
    this.unmanaged = revisions.index(UNMANAGED_BY_NAMESPACE);
  }

  /** All that {@code owner} manages, and what it might adopt. */
  public List<ControllerRevision> candidates(ApiObject owner, @Nullable LabelSelector selector) {
    List<ControllerRevision> candidates =
        new ArrayList<>(byManager.get(owner.metadata().uidOr("?")));
    for (ControllerRevision revision : unmanaged.get(owner.metadata().namespaceOr(""))) {
      if (Selectors.matches(selector, revision.metadata().labels())) {
        candidates.add(revision);
      }
    }
    return candidates;
  }

  /** Whether another workload has the revision of this name: then another name is needed. */
  public boolean isTaken(ApiObject owner, String name) {
    Optional<ControllerRevision> there =
        revisions.find(new ObjectKey(owner.metadata().namespaceOr(""), name));
    return there
        .map(r -> Owners.controllerOf(r).isPresent() && !Owners.isManagedBy(r, owner))
        .orElse(false);
  }
}
