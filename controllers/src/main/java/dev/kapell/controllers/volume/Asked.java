package dev.kapell.controllers.volume;

import dev.kapell.api.core.v1.PersistentVolume;
import dev.kapell.api.core.v1.PersistentVolumeClaim;
import dev.kapell.api.core.v1.VolumeResourceRequirements;
import dev.kapell.api.meta.v1.LabelSelector;
import dev.kapell.api.resource.Quantity;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a claim asks for. Pure.
 *
 * @param className empty for volumes without a class
 * @param storage how much
 * @param accessModes all of them
 * @param volumeMode Filesystem or Block
 * @param selector of the volume's labels; absent for any
 */
public record Asked(
    String className,
    Quantity storage,
    List<String> accessModes,
    String volumeMode,
    @Nullable LabelSelector selector) {
  private static final String STORAGE = "storage";
  private static final String FILESYSTEM = "Filesystem";

  /** Copies. */
  public Asked {
    accessModes = List.copyOf(accessModes);
  }

  /** What {@code claim} asks for. */
  public static Asked of(PersistentVolumeClaim claim) {
    return new Asked(
        className(claim),
        storage(claim.spec().resourcesOr(VolumeResourceRequirements.EMPTY)),
        claim.spec().accessModes(),
        claim.spec().volumeModeOr(FILESYSTEM),
        claim.spec().selector());
  }

  private static Quantity storage(VolumeResourceRequirements resources) {
    return resources.requests().getOrDefault(STORAGE, Quantity.ZERO);
  }

  /** The class of a claim; empty for none. */
  static String className(PersistentVolumeClaim claim) {
    String old = claim.metadata().annotations().get(Marks.OLD_CLASS);
    return old == null ? claim.spec().storageClassNameOr("") : old;
  }

  /** The class of a volume; empty for none. */
  public static String className(PersistentVolume volume) {
    String old = volume.metadata().annotations().get(Marks.OLD_CLASS);
    return old == null ? volume.spec().storageClassNameOr("") : old;
  }

  /** How much a volume holds. */
  public static Quantity capacity(PersistentVolume volume) {
    return volume.spec().capacity().getOrDefault(STORAGE, Quantity.ZERO);
  }

  /** Filesystem or Block. */
  static String volumeMode(PersistentVolume volume) {
    return volume.spec().volumeModeOr(FILESYSTEM);
  }
}
