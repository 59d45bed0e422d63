package dev.kapell.scheduler.device;

import dev.kapell.api.resource.Quantity;
import dev.kapell.api.resource.v1.DeviceCounterConsumption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What is left of that which devices of a pool share: partitions of one card, for instance. One
 * search's; pools are counted when they are first asked about.
 */
final class Counters {
  private record Counter(String set, String name) {}

  private final Predicate<DeviceId> taken;
  private final Map<Pool, Map<Counter, Quantity>> left = new HashMap<>();

  /** Devices that are {@code taken} use up what they say. */
  Counters(Predicate<DeviceId> taken) {
    this.taken = taken;
  }

  /** Takes what the device needs; false, and nothing is taken, when it is not there. */
  boolean take(Offer offer) {
    List<DeviceCounterConsumption> needs = offer.device().consumesCounters();
    if (needs.isEmpty()) {
      return true;
    }
    Map<Counter, Quantity> here = left.computeIfAbsent(offer.pool(), this::count);
    change(here, needs, true);
    if (needs.stream().allMatch(need -> isEnough(here, need))) {
      return true;
    }
    change(here, needs, false);
    return false;
  }

  private static boolean isEnough(Map<Counter, Quantity> here, DeviceCounterConsumption need) {
    return need.counters().keySet().stream()
        .map(name -> here.get(new Counter(need.counterSetOr(""), name)))
        .allMatch(amount -> amount != null && amount.signum() >= 0);
  }

  /** Gives back what the device took. */
  void giveBack(Offer offer) {
    Map<Counter, Quantity> here = left.get(offer.pool());
    if (here != null) {
      change(here, offer.device().consumesCounters(), false);
    }
  }

  private Map<Counter, Quantity> count(Pool pool) {
    Map<Counter, Quantity> all = new HashMap<>();
    pool.counters()
        .forEach(
            (set, amounts) ->
                amounts.forEach((name, amount) -> all.put(new Counter(set, name), amount)));
    for (Offer offer : pool.offers()) {
      if (!offer.device().consumesCounters().isEmpty() && taken.test(offer.id())) {
        change(all, offer.device().consumesCounters(), true);
      }
    }
    return all;
  }

  /** A counter that nobody has declared is not made up. */
  private static void change(
      Map<Counter, Quantity> here, List<DeviceCounterConsumption> needs, boolean less) {
    for (DeviceCounterConsumption need : needs) {
      need.counters()
          .forEach(
              (name, amount) ->
                  here.computeIfPresent(
                      new Counter(need.counterSetOr(""), name),
                      (key, now) ->
                          less ? now.minus(Pool.value(amount)) : now.plus(Pool.value(amount))));
    }
  }
}
