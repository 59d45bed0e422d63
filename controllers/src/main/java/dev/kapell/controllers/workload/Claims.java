package dev.kapell.controllers.workload;

import dev.kapell.api.ApiObject;
import dev.kapell.api.ResourceType;
import dev.kapell.api.meta.v1.LabelSelector;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.control.loop.Change;
import dev.kapell.control.match.Selectors;
import java.util.ArrayList;
import java.util.List;

/**
 * Which objects belong to an owner: those it manages and still selects, and those it selects that
 * nobody manages (adopted). Those it manages and no longer selects are released. Pure.
 *
 * @param owned as they will be after {@code changes}
 * @param changes the adoptions and releases
 */
public record Claims<T extends ApiObject>(List<T> owned, List<Change> changes) {
  /** Copies. */
  public Claims {
    owned = List.copyOf(owned);
    changes = List.copyOf(changes);
  }

  /** Sorts {@code candidates} out; those that others manage are left alone. */
  public static <T extends ApiObject> Claims<T> of(
      ResourceType<T> type, ApiObject owner, LabelSelector selector, List<T> candidates) {
    boolean ownerGoes = Pods.isTerminating(owner);
    List<T> owned = new ArrayList<>();
    List<Change> changes = new ArrayList<>();
    for (T candidate : candidates) {
      ObjectMeta meta = candidate.metadata();
      boolean selected = Selectors.matches(selector, meta.labels());
      String manager = Owners.controllerUid(candidate);
      if (manager.equals(owner.metadata().uidOr("?"))) {
        if (selected) {
          owned.add(candidate);
        } else if (!ownerGoes) {
          T freed = type.withMetadata(candidate, Owners.released(meta, owner));
          changes.add(Change.update(type, candidate, freed, "no longer selected"));
        }
      } else if (manager.isEmpty() && selected && !ownerGoes && !Pods.isTerminating(candidate)) {
        T adopted = type.withMetadata(candidate, Owners.adopted(meta, owner));
        changes.add(Change.update(type, candidate, adopted, "selected and without an owner"));
        owned.add(adopted);
      }
    }
    return new Claims<>(owned, changes);
  }
}
