package dev.kapell.apiserver.defaulting;

import dev.kapell.apiserver.tree.Obj;
import java.util.ArrayList;
import java.util.List;

/** Volumes, claims and storage classes. */
final class StorageDefaults {
  private StorageDefaults() {}

  static void volume(Obj volume) {
    volume
        .make("spec")
        .fill("persistentVolumeReclaimPolicy", "Retain")
        .fill("volumeMode", "Filesystem");
    sources(volume.make("spec"));
    volume.make("status").fill("phase", "Pending");
  }

  /** Of the kinds of volumes, wherever one is described. */
  static void sources(Obj volume) {
    volume.find("hostPath").ifPresent(path -> path.fill("type", ""));
    volume.find("iscsi").ifPresent(iscsi -> iscsi.fill("iscsiInterface", "default"));
    volume
        .find("rbd")
        .ifPresent(
            rbd ->
                rbd.fill("pool", "rbd").fill("user", "admin").fill("keyring", "/etc/ceph/keyring"));
    volume
        .find("azureDisk")
        .ifPresent(
            disk ->
                disk.fill("cachingMode", "ReadWrite")
                    .fill("fsType", "ext4")
                    .fill("kind", "Shared")
                    .fill("readOnly", false));
    volume
        .find("scaleIO")
        .ifPresent(scale -> scale.fill("fsType", "xfs").fill("storageMode", "ThinProvisioned"));
  }

  static void claim(Obj claim) {
    claim.make("spec").fill("volumeMode", "Filesystem");
    claim.make("status").fill("phase", "Pending");
  }

  static void storageClass(Obj storageClass) {
    storageClass.fill("reclaimPolicy", "Delete").fill("volumeBindingMode", "Immediate");
  }

  static void csiDriver(Obj driver) {
    driver
        .make("spec")
        .fill("attachRequired", true)
        .fill("podInfoOnMount", false)
        .fill("storageCapacity", false)
        .fill("requiresRepublish", false)
        .fill("seLinuxMount", false)
        .fill("fsGroupPolicy", "ReadWriteOnceWithFSType")
        .fill("volumeLifecycleModes", new ArrayList<Object>(List.of("Persistent")));
  }
}
