package dev.kapell.sim.node;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * The machines by name; of pods on them, which were killed, which are contested, and their
 * addresses. Thread-safe.
 */
final class Machines {
  private static final int ADDRESSES = 1 << 20;

  private final Map<String, Machine> byName = new LinkedHashMap<>();
  private final Set<String> killed = new HashSet<>();
  private final Map<String, Instant> contested = new HashMap<>();
  private final Map<String, Integer> addresses = new HashMap<>();
  private final Set<Integer> taken = new HashSet<>();
  private int next = 1;

  synchronized void add(Shape shape) {
    byName.put(shape.name(), Machine.healthy(shape));
  }

  synchronized Optional<Machine> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  synchronized List<String> names() {
    return new ArrayList<>(byName.keySet());
  }

  synchronized void change(String name, UnaryOperator<Machine> change) {
    byName.computeIfPresent(name, (_, machine) -> change.apply(machine));
  }

  /** The containers of this pod are to be ended as if memory had run out. */
  synchronized void kill(String uid) {
    killed.add(uid);
  }

  synchronized boolean isKilled(String uid) {
    return killed.contains(uid);
  }

  synchronized void revived(String uid) {
    killed.remove(uid);
  }

  /** Since when somebody else has said otherwise of this pod; {@code now} if that is new. */
  synchronized Instant contestedSince(String uid, Instant now) {
    return contested.computeIfAbsent(uid, _ -> now);
  }

  synchronized void settled(String uid) {
    contested.remove(uid);
  }

  /** The address of a pod, the same as long as it is there. */
  synchronized String address(String uid) {
    int number =
        addresses.computeIfAbsent(
            uid,
            _ -> {
              if (taken.size() >= ADDRESSES - 1) {
                throw new IllegalStateException("all simulated pod addresses are taken");
              }
              while (!taken.add(next)) {
                next = next % (ADDRESSES - 1) + 1;
              }
              return next;
            });
    return "10." + (64 + (number >> 16)) + "." + (number >> 8 & 255) + "." + (number & 255);
  }

  synchronized void forget(String uid) {
    killed.remove(uid);
    contested.remove(uid);
    Integer number = addresses.remove(uid);
    if (number != null) {
      taken.remove(number);
    }
  }
}
