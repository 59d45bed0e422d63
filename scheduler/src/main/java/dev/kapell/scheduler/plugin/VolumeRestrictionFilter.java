package dev.kapell.scheduler.plugin;

import dev.kapell.client.ObjectKey;
import dev.kapell.scheduler.cluster.Placed;
import dev.kapell.scheduler.demand.Demand;
import dev.kapell.scheduler.demand.Disk;
import java.util.List;

/** Disks that a node mounts once, and claims that one pod in the cluster may use. */
final class VolumeRestrictionFilter implements Filter {
  private static final List<String> DISK = List.of("node(s) had no available disk");
  private static final List<String> SINGLE =
      List.of(
          "node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access"
              + " mode");

  @Override
  public String name() {
    return "VolumeRestrictions";
  }

  @Override
  public Check prepare(Demand demand, View view) {
    if (demand.claims().isEmpty() && demand.disks().isEmpty()) {
      return Check.PASS;
    }
    List<ObjectKey> single =
        demand.claims().stream()
            .map(name -> new ObjectKey(demand.namespace(), name))
            .filter(key -> isForOnePod(key, view))
            .toList();
    return row -> {
      if (isMounted(demand.disks(), view, row)) {
        return DISK;
      }
      // Asked for each row: preemption may have removed the user.
      return single.stream().anyMatch(key -> view.cluster().claimUsers(key) > 0)
          ? SINGLE
          : List.of();
    };
  }

  private static boolean isForOnePod(ObjectKey key, View view) {
    return view.storage()
        .claims()
        .apply(key)
        .map(claim -> claim.spec().accessModes().contains("ReadWriteOncePod"))
        .orElse(false);
  }

  private static boolean isMounted(List<Disk> wanted, View view, int row) {
    if (wanted.isEmpty()) {
      return false;
    }
    for (Placed placed : view.cluster().pods(row)) {
      for (Disk mounted : placed.demand().disks()) {
        if (wanted.stream().anyMatch(mounted::conflictsWith)) {
          return true;
        }
      }
    }
    return false;
  }

  @Override
  public boolean isHelpedByPreemption() {
    return true;
  }

  @Override
  public boolean isLocal() {
    return false;
  }

  @Override
  public boolean isHelpedBy(Event event, Demand demand, View view) {
    return switch (event) {
      case Event.NodeChanged changed -> changed.isNew();
      case Event.PodGone gone -> !gone.pod().claims().isEmpty() || !gone.pod().disks().isEmpty();
      case Event.StorageChanged storage -> true;
      case Event.DevicesChanged devices -> false;
      case Event.Unknown unknown -> true;
      case Event.PodPlaced placed -> false;
      case Event.PodRelabelled relabelled -> false;
    };
  }
}
