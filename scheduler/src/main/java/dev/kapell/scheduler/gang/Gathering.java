package dev.kapell.scheduler.gang;

import dev.kapell.api.core.v1.Pod;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.cache.Index;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Who of a gang is there. Immutable.
 *
 * @param placed how many have a node and have not ended
 * @param waiting the uids of those that have none
 */
public record Gathering(Gang gang, int placed, List<String> waiting) {
  /** Pods by the gang that they name. */
  public static final Index.Keys<Pod, ObjectKey> BY_GANG =
      pod ->
          Gang.read(pod) instanceof Gang.Reading.Member(Gang gang)
              ? List.of(gang.key())
              : List.of();

  /** Copies. */
  public Gathering {
    waiting = List.copyOf(waiting);
  }

  /**
   * Counts.
   *
   * @param pods those that name the gang
   * @param isPlaced whether a place has been found for the pod with this uid
   */
  public static Gathering of(Gang gang, List<Pod> pods, Predicate<String> isPlaced) {
    int placed = 0;
    List<String> waiting = new ArrayList<>();
    for (Pod pod : pods) {
      String phase = pod.status().phaseOr("");
      if (phase.equals("Succeeded")
          || phase.equals("Failed")
          || pod.metadata().deletionTimestamp() != null) {
        continue; // whoever makes the pods knows whether another one comes, and says so
      }
      String uid = pod.metadata().uidOr("");
      if (!pod.spec().nodeNameOr("").isEmpty() || isPlaced.test(uid)) {
        placed++;
      } else {
        waiting.add(uid);
      }
    }
    return new Gathering(gang, placed, waiting);
  }

  /** What is to be told while members are missing. */
  public String incomplete(int have) {
    int missing = gang.size() - have;
    return "gang \""
        + gang.key().name()
        + "\" has "
        + have
        + " of its "
        + gang.size()
        + " pods; none is bound before the other "
        + (missing == 1 ? "one is" : missing + " are")
        + " there";
  }

  /** What is to be told when there are places for some only. Begins with a space. */
  public String partly(int found) {
    return " Gang \""
        + gang.key().name()
        + "\" needs "
        + Math.max(gang.size(), placed + waiting.size())
        + " places at once and found "
        + found
        + ", so none of its pods is bound.";
  }
}
