package dev.kapell.scheduler.plugin;

import dev.kapell.api.core.v1.PersistentVolume;
import dev.kapell.api.core.v1.PersistentVolumeClaim;
import dev.kapell.api.storage.v1.CSINode;
import dev.kapell.api.storage.v1.CSINodeDriver;
import dev.kapell.api.storage.v1.StorageClass;
import dev.kapell.client.ObjectKey;
import dev.kapell.scheduler.cluster.Placed;
import dev.kapell.scheduler.demand.Demand;
import dev.kapell.scheduler.storage.Storage;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A node's drivers attach only so many volumes. */
final class VolumeLimitFilter implements Filter {
  private static final List<String> REASON = List.of("node(s) exceed max volume count");

  /** A volume as its driver knows it; unique. */
  private record Attached(String driver, String volume) {}

  @Override
  public String name() {
    return "NodeVolumeLimits";
  }

  @Override
  public Check prepare(Demand demand, View view) {
    if (demand.claims().isEmpty()) {
      return Check.PASS;
    }
    Set<Attached> wanted = new HashSet<>();
    add(wanted, demand, view.storage());
    return wanted.isEmpty()
        ? Check.PASS
        : row -> isExceeded(wanted, view, row) ? REASON : List.of();
  }

  private static boolean isExceeded(Set<Attached> wanted, View view, int row) {
    String name = view.cluster().nodeOf(row).metadata().nameOr("");
    Optional<CSINode> node = view.storage().nodes().apply(name);
    Map<String, Integer> limits = new HashMap<>();
    node.ifPresent(n -> n.spec().drivers().forEach(driver -> limit(driver, limits)));
    if (limits.isEmpty()) {
      return false;
    }
    Set<Attached> all = new HashSet<>();
    for (Placed placed : view.cluster().pods(row)) {
      add(all, placed.demand(), view.storage());
    }
    view.storage().attachments().apply(name).stream()
        .map(attachment -> attachment.spec().source())
        .flatMap(
            source ->
                source == null
                    ? Optional.<String>empty().stream()
                    : Optional.ofNullable(source.persistentVolumeName()).stream())
        .flatMap(volume -> view.storage().volumes().apply(volume).stream())
        .flatMap(volume -> attached(volume).stream())
        .forEach(all::add);
    Map<String, Integer> before = byDriver(all);
    all.addAll(wanted);
    Map<String, Integer> after = byDriver(all);
    return limits.entrySet().stream()
        .anyMatch(
            limit -> {
              int count = after.getOrDefault(limit.getKey(), 0);
              return count > limit.getValue() && count > before.getOrDefault(limit.getKey(), 0);
            });
  }

  private static void limit(CSINodeDriver driver, Map<String, Integer> limits) {
    var allocatable = driver.allocatable();
    if (allocatable != null && allocatable.count() != null) {
      limits.put(driver.nameOr(""), allocatable.countOr(0));
    }
  }

  private static Map<String, Integer> byDriver(Set<Attached> attached) {
    Map<String, Integer> counts = new HashMap<>();
    attached.forEach(one -> counts.merge(one.driver(), 1, Integer::sum));
    return counts;
  }

  private static void add(Set<Attached> attached, Demand demand, Storage storage) {
    for (String name : demand.claims()) {
      ObjectKey key = new ObjectKey(demand.namespace(), name);
      storage
          .claims()
          .apply(key)
          .flatMap(claim -> attached(claim, storage))
          .ifPresent(attached::add);
    }
  }

  /** Its volume, or the one that its class's driver will make. */
  private static Optional<Attached> attached(PersistentVolumeClaim claim, Storage storage) {
    String volume = claim.spec().volumeNameOr("");
    if (!volume.isEmpty()) {
      return storage.volumes().apply(volume).flatMap(VolumeLimitFilter::attached);
    }
    return storage
        .classes()
        .apply(claim.spec().storageClassNameOr(""))
        .map(StorageClass::provisioner)
        .map(driver -> new Attached(driver, "claim/" + ObjectKey.of(claim)));
  }

  private static Optional<Attached> attached(PersistentVolume volume) {
    var source = volume.spec().csi();
    return source == null
        ? Optional.empty()
        : Optional.of(new Attached(source.driverOr(""), source.volumeHandleOr("")));
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
      case Event.PodGone gone -> !gone.pod().claims().isEmpty();
      case Event.StorageChanged storage -> true;
      case Event.DevicesChanged devices -> false;
      case Event.Unknown unknown -> true;
      case Event.PodPlaced placed -> false;
      case Event.PodRelabelled relabelled -> false;
    };
  }
}
