package dev.kapell.scheduler.plugin;

import dev.kapell.api.core.v1.PersistentVolume;
import dev.kapell.scheduler.demand.Demand;
import dev.kapell.scheduler.storage.PodClaims;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Bound volumes that are labelled with zones or regions want nodes of one of them. */
final class VolumeZoneFilter implements Filter {
  private static final List<String> REASON = List.of("node(s) had no available volume zone");
  private static final Map<String, String> KEYS =
      Map.of(
          "topology.kubernetes.io/zone", "failure-domain.beta.kubernetes.io/zone",
          "topology.kubernetes.io/region", "failure-domain.beta.kubernetes.io/region",
          "failure-domain.beta.kubernetes.io/zone", "topology.kubernetes.io/zone",
          "failure-domain.beta.kubernetes.io/region", "topology.kubernetes.io/region");

  /** A label that the node has to have by one of two names, with one of the values. */
  private record Wanted(String key, String otherKey, Set<String> values) {}

  @Override
  public String name() {
    return "VolumeZone";
  }

  @Override
  public Check prepare(Demand demand, View view) {
    if (demand.claims().isEmpty()) {
      return Check.PASS;
    }
    Set<Wanted> all = new HashSet<>();
    PodClaims.of(demand, view.storage()).bound().forEach(volume -> add(all, volume));
    return all.isEmpty() ? Check.PASS : row -> fits(all, view, row) ? List.of() : REASON;
  }

  private static void add(Set<Wanted> all, PersistentVolume volume) {
    KEYS.forEach(
        (key, other) -> {
          String value = volume.metadata().labels().get(key);
          if (value != null) {
            all.add(new Wanted(key, other, Set.of(value.split("__"))));
          }
        });
  }

  /** A node without any such label is not of a cloud: everything fits. */
  private static boolean fits(Set<Wanted> all, View view, int row) {
    Map<String, String> labels = view.cluster().nodeOf(row).metadata().labels();
    if (KEYS.keySet().stream().noneMatch(labels::containsKey)) {
      return true;
    }
    for (Wanted wanted : all) {
      String own = labels.getOrDefault(wanted.key(), labels.get(wanted.otherKey()));
      if (own == null || !wanted.values().contains(own)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public boolean isHelpedByPreemption() {
    return false;
  }

  @Override
  public boolean isLocal() {
    return false;
  }

  @Override
  public boolean isHelpedBy(Event event, Demand demand, View view) {
    return !event.isOfPod();
  }
}
