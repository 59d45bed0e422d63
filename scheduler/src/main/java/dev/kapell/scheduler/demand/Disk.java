package dev.kapell.scheduler.demand;

import dev.kapell.api.core.v1.ISCSIVolumeSource;
import dev.kapell.api.core.v1.RBDVolumeSource;
import dev.kapell.api.core.v1.Volume;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A network disk that a pod names itself, and that a node mounts only once.
 *
 * @param id kind and name; equal for the same disk
 * @param shared it may be there several times, if all only read
 */
public record Disk(String id, boolean shared) {
  /** Whether both cannot be on one node. */
  public boolean conflictsWith(Disk other) {
    return id.equals(other.id) && !(shared && other.shared);
  }

  /** The disks among {@code volumes}. */
  static List<Disk> of(List<Volume> volumes) {
    List<Disk> disks = new ArrayList<>();
    for (Volume volume : volumes) {
      var google = volume.gcePersistentDisk();
      if (google != null) {
        disks.add(new Disk("gce/" + google.pdNameOr(""), google.readOnlyOr(false)));
      }
      var amazon = volume.awsElasticBlockStore();
      if (amazon != null) {
        disks.add(new Disk("aws/" + amazon.volumeIDOr(""), false));
      }
      if (volume.iscsi() != null) {
        disks.add(iscsi(volume.iscsi()));
      }
      if (volume.rbd() != null) {
        disks.addAll(rbd(volume.rbd()));
      }
    }
    return List.copyOf(disks);
  }

  private static Disk iscsi(ISCSIVolumeSource source) {
    return new Disk("iscsi/" + source.iqnOr(""), source.readOnlyOr(false));
  }

  /** One for each monitor: two volumes are the same when they share one. */
  private static List<Disk> rbd(RBDVolumeSource source) {
    String name = source.poolOr("rbd") + "/" + source.imageOr("");
    return source.monitors().stream()
        .map(m -> new Disk("rbd/" + m.toLowerCase(Locale.ROOT) + "/" + name, readOnly(source)))
        .toList();
  }

  private static boolean readOnly(RBDVolumeSource source) {
    return source.readOnlyOr(false);
  }
}
