package dev.kapell.sim.law;

import dev.kapell.api.Types;
import dev.kapell.api.core.v1.ObjectReference;
import dev.kapell.api.core.v1.PersistentVolume;
import dev.kapell.api.core.v1.PersistentVolumeClaim;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.Service;
import dev.kapell.sim.story.Moment;
import java.util.Optional;

/** A pod keeps its node, a claim its volume, a volume its claim, and an address its service. */
final class ClaimedOnce implements Law {
  @Override
  public void at(Moment moment, Scene scene) {
    Optional<String> before =
        moment.before(Pod.class).map(pod -> pod.spec().nodeNameOr("")).filter(n -> !n.isEmpty());
    Optional<String> after = moment.after(Pod.class).map(pod -> pod.spec().nodeNameOr(""));
    if (before.isPresent() && after.isPresent() && !before.equals(after)) {
      scene.broken(
          this, "pod " + moment.key() + " moves from " + before.get() + " to " + after.get());
    }
    moment.after(PersistentVolumeClaim.class).ifPresent(claim -> volumes(moment, claim, scene));
    moment.after(PersistentVolume.class).ifPresent(volume -> kept(moment, volume, scene));
    moment.after(Service.class).ifPresent(service -> addresses(service, scene));
  }

  private void volumes(Moment moment, PersistentVolumeClaim claim, Scene scene) {
    String volume = claim.spec().volumeNameOr("");
    String before =
        moment.before(PersistentVolumeClaim.class).map(c -> c.spec().volumeNameOr("")).orElse("");
    if (!before.isEmpty() && !before.equals(volume)) {
      scene.broken(this, "claim " + moment.key() + " moves from " + before + " to " + volume);
    }
    long claims =
        scene.picture().all(Types.PERSISTENT_VOLUME_CLAIM).stream()
            .filter(c -> !volume.isEmpty() && c.spec().volumeNameOr("").equals(volume))
            .count();
    if (claims > 1) {
      scene.broken(this, "volume " + volume + " belongs to " + claims + " claims");
    }
  }

  /** Another claim may have it only when the one before is gone. */
  private void kept(Moment moment, PersistentVolume volume, Scene scene) {
    String after = claim(volume);
    String before = moment.before(PersistentVolume.class).map(ClaimedOnce::claim).orElse("");
    boolean isThere =
        scene.picture().all(Types.PERSISTENT_VOLUME_CLAIM).stream()
            .anyMatch(c -> Facts.uid(c).equals(before));
    if (isThere && !before.equals(after)) {
      scene.broken(
          this,
          "volume "
              + moment.key()
              + " is taken from its claim "
              + before
              + " and given to "
              + (after.isEmpty() ? "nobody" : after));
    }
  }

  private static String claim(PersistentVolume volume) {
    return volume.spec().claimRefOr(ObjectReference.EMPTY).uidOr("");
  }

  private void addresses(Service service, Scene scene) {
    String address = service.spec().clusterIPOr("");
    boolean hasOne = !address.isEmpty() && !address.equals("None");
    long services =
        scene.picture().all(Types.SERVICE).stream()
            .filter(s -> hasOne && s.spec().clusterIPOr("").equals(address))
            .count();
    if (services > 1) {
      scene.broken(this, "address " + address + " belongs to " + services + " services");
    }
  }
}
