package dev.kapell.scheduler.plugin;

import dev.kapell.api.core.v1.Node;
import dev.kapell.api.core.v1.NodeSelector;
import dev.kapell.api.core.v1.PersistentVolume;
import dev.kapell.api.core.v1.PersistentVolumeClaim;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.match.NodeSelection;
import dev.kapell.scheduler.demand.Demand;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Claims have to be there and bound, and their volumes reachable from the node. */
final class VolumeFilter implements Filter {
  private static final List<String> REASON = List.of("node(s) had volume node affinity conflict");

  @Override
  public Check prepare(Demand demand, View view) {
    List<NodeSelector> required = new ArrayList<>();
    for (String name : demand.claims()) {
      Optional<PersistentVolumeClaim> claim =
          view.claims().apply(new ObjectKey(demand.namespace(), name));
      if (claim.isEmpty()) {
        return new Hopeless("persistentvolumeclaim \"" + name + "\" not found");
      }
      String volume = claim.get().spec().volumeNameOr("");
      if (volume.isEmpty()) {
        return new Hopeless("pod has unbound immediate PersistentVolumeClaims");
      }
      view.volumes().apply(volume).flatMap(VolumeFilter::required).ifPresent(required::add);
    }
    if (required.isEmpty()) {
      return Check.PASS;
    }
    return row -> {
      Node node = Objects.requireNonNull(view.cluster().node(row));
      return required.stream().allMatch(r -> NodeSelection.matches(r, node)) ? List.of() : REASON;
    };
  }

  private static Optional<NodeSelector> required(PersistentVolume volume) {
    var affinity = volume.spec().nodeAffinity();
    return affinity == null ? Optional.empty() : Optional.ofNullable(affinity.required());
  }

  @Override
  public boolean isHelpedByPreemption() {
    return false;
  }

  private record Hopeless(String reason) implements Check {
    @Override
    public List<String> reasons(int row) {
      return List.of(reason);
    }

    @Override
    public Optional<String> hopeless() {
      return Optional.of(reason);
    }
  }
}
