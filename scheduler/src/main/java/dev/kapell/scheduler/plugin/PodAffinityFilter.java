package dev.kapell.scheduler.plugin;

import dev.kapell.api.core.v1.Affinity;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodAffinityTerm;
import dev.kapell.scheduler.cluster.Cluster;
import dev.kapell.scheduler.cluster.Placed;
import dev.kapell.scheduler.demand.Demand;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Required affinity to and anti-affinity against other pods, and the anti-affinity that placed pods
 * have against this one.
 */
final class PodAffinityFilter implements Filter {
  private static final List<String> NO_AFFINITY =
      List.of("node(s) didn't match pod affinity rules");
  private static final List<String> ANTI_AFFINITY =
      List.of("node(s) didn't match pod anti-affinity rules");
  private static final List<String> REPELLED =
      List.of("node(s) didn't satisfy existing pods anti-affinity rules");

  /** A value of a topology key: all nodes with it are one place. */
  private record Domain(String key, String value) {}

  @Override
  public Check prepare(Demand demand, View view) {
    List<PodAffinityTerm> near = near(demand.affinity());
    List<PodAffinityTerm> far = far(demand.affinity());
    if (near.isEmpty() && far.isEmpty() && !view.cluster().hasRepellingPods()) {
      return Check.PASS;
    }
    Places places = new Places(near, far);
    Cluster cluster = view.cluster();
    cluster.forEachRow(
        row -> cluster.pods(row).forEach(placed -> places.add(demand, placed, view, row)));
    places.allowFirst(demand, view);
    return row -> places.reasons(view, row);
  }

  private static List<PodAffinityTerm> near(@Nullable Affinity affinity) {
    return affinity == null || affinity.podAffinity() == null
        ? List.of()
        : affinity.podAffinity().requiredDuringSchedulingIgnoredDuringExecution();
  }

  private static List<PodAffinityTerm> far(@Nullable Affinity affinity) {
    return affinity == null || affinity.podAntiAffinity() == null
        ? List.of()
        : affinity.podAntiAffinity().requiredDuringSchedulingIgnoredDuringExecution();
  }

  @Override
  public boolean isHelpedByPreemption() {
    return true;
  }

  /** Where the pods are that the terms are about. */
  private static final class Places {
    private final List<PodAffinityTerm> near;
    private final List<PodAffinityTerm> far;
    private final List<Set<Domain>> nearDomains = new ArrayList<>();
    private final Set<Domain> farDomains = new HashSet<>();
    private final Set<Domain> repelled = new HashSet<>();
    private boolean isFirst;

    Places(List<PodAffinityTerm> near, List<PodAffinityTerm> far) {
      this.near = near;
      this.far = far;
      near.forEach(term -> nearDomains.add(new HashSet<>()));
    }

    void add(Demand demand, Placed placed, View view, int row) {
      Pod pod = placed.pod();
      for (int i = 0; i < near.size(); i++) {
        if (isAbout(near.get(i), demand, pod, view)) {
          note(nearDomains.get(i), near.get(i), view, row);
        }
      }
      for (PodAffinityTerm term : far) {
        if (isAbout(term, demand, pod, view)) {
          note(farDomains, term, view, row);
        }
      }
      for (PodAffinityTerm term : far(placed.demand().affinity())) {
        if (Terms.isAbout(
            term,
            placed.demand().namespace(),
            placed.demand().labels(),
            demand.namespace(),
            demand.labels(),
            view)) {
          note(repelled, term, view, row);
        }
      }
    }

    private static boolean isAbout(PodAffinityTerm term, Demand demand, Pod pod, View view) {
      return Terms.isAbout(term, demand.namespace(), demand.labels(), pod, view);
    }

    private static void note(Set<Domain> domains, PodAffinityTerm term, View view, int row) {
      String key = term.topologyKeyOr("");
      String value = Terms.domain(view, row, key);
      if (value != null) {
        domains.add(new Domain(key, value));
      }
    }

    /** The first pod of a group that wants to be together would else wait for ever. */
    void allowFirst(Demand demand, View view) {
      isFirst =
          !near.isEmpty()
              && nearDomains.stream().allMatch(Set::isEmpty)
              && near.stream()
                  .allMatch(
                      term ->
                          Terms.isAbout(
                              term,
                              demand.namespace(),
                              demand.labels(),
                              demand.namespace(),
                              demand.labels(),
                              view));
    }

    List<String> reasons(View view, int row) {
      for (int i = 0; i < near.size(); i++) {
        String key = near.get(i).topologyKeyOr("");
        String value = Terms.domain(view, row, key);
        boolean together =
            value != null && (isFirst || nearDomains.get(i).contains(new Domain(key, value)));
        if (!together) {
          return NO_AFFINITY;
        }
      }
      if (isIn(farDomains, view, row)) {
        return ANTI_AFFINITY;
      }
      return isIn(repelled, view, row) ? REPELLED : List.of();
    }

    private static boolean isIn(Set<Domain> domains, View view, int row) {
      for (Domain domain : domains) {
        if (domain.value().equals(Terms.domain(view, row, domain.key()))) {
          return true;
        }
      }
      return false;
    }
  }
}
