package dev.kapell.scheduler.plugin;

import dev.kapell.api.core.v1.Node;
import dev.kapell.scheduler.demand.Demand;
import dev.kapell.scheduler.storage.Matching;
import dev.kapell.scheduler.storage.PodClaims;
import java.util.List;

/**
 * Claims have to be there; volumes that are bound have to be reachable from the node, and those
 * that wait for the pod's node have to be found or made for it.
 */
final class VolumeFilter implements Filter {
  private static final List<String> CONFLICT = List.of("node(s) had volume node affinity conflict");

  @Override
  public String name() {
    return "VolumeBinding";
  }

  @Override
  public Check prepare(Demand demand, View view) {
    if (demand.claims().isEmpty()) {
      return Check.PASS;
    }
    PodClaims claims = PodClaims.of(demand, view.storage());
    if (claims.hopeless().isPresent()) {
      return Check.hopeless(claims.hopeless().get());
    }
    return row -> {
      Node node = view.cluster().nodeOf(row);
      if (!claims.bound().stream().allMatch(volume -> Matching.isReachable(volume, node))) {
        return CONFLICT;
      }
      return claims.waiting().isEmpty()
          ? List.of()
          : claims.refusal(node, view.storage()).map(List::of).orElse(List.of());
    };
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
