package dev.kapell.sim.law;

import dev.kapell.api.Types;
import dev.kapell.api.core.v1.PersistentVolumeClaim;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.Service;
import dev.kapell.sim.story.Moment;
import java.util.Optional;

/** A pod keeps its node, a volume its claim, and an address its service. */
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
    moment.after(PersistentVolumeClaim.class).ifPresent(claim -> volumes(claim, scene));
    moment.after(Service.class).ifPresent(service -> addresses(service, scene));
  }

  private void volumes(PersistentVolumeClaim claim, Scene scene) {
    String volume = claim.spec().volumeNameOr("");
    long claims =
        scene.picture().all(Types.PERSISTENT_VOLUME_CLAIM).stream()
            .filter(c -> !volume.isEmpty() && c.spec().volumeNameOr("").equals(volume))
            .count();
    if (claims > 1) {
      scene.broken(this, "volume " + volume + " belongs to " + claims + " claims");
    }
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
