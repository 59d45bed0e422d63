package dev.kapell.scheduler.demand;

import dev.kapell.api.core.v1.Pod;
import dev.kapell.control.match.DeviceClaims;
import java.util.List;

/**
 * A claim of devices that a pod uses.
 *
 * @param entry its name in the pod
 * @param claim the name of the object; of one that is not made yet, a name that no other pod's has
 * @param isThere whether the object is made
 * @param template what it is made from; empty when it is not the pod's alone
 * @param owner the uid of the pod that it has to be made for; empty when anybody may use it
 */
public record DeviceUse(
    String entry, String claim, boolean isThere, String template, String owner) {
  static List<DeviceUse> of(Pod pod) {
    return pod.spec().resourceClaims().isEmpty()
        ? List.of()
        : DeviceClaims.of(pod).stream().map(use -> of(pod, use)).toList();
  }

  private static DeviceUse of(Pod pod, DeviceClaims.Use use) {
    String template =
        pod.spec().resourceClaims().stream()
            .filter(entry -> entry.nameOr("").equals(use.entry()))
            .map(entry -> entry.resourceClaimTemplateNameOr(""))
            .findFirst()
            .orElse("");
    return new DeviceUse(
        use.entry(),
        use.claim().orElse(pod.metadata().nameOr("") + "-" + use.entry()),
        use.claim().isPresent(),
        template,
        use.isMade() ? pod.metadata().uidOr("") : "");
  }
}
