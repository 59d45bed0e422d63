package dev.kapell.scheduler.device;

import dev.kapell.api.resource.Quantity;
import dev.kapell.api.resource.v1.Device;
import dev.kapell.api.resource.v1.DeviceCapacity;
import dev.kapell.api.resource.v1.DeviceClass;
import dev.kapell.api.resource.v1.DeviceTaint;
import dev.kapell.api.resource.v1.DeviceToleration;
import dev.kapell.cel.value.CelError;
import java.util.List;
import java.util.Map;

/**
 * One way to fulfil a request.
 *
 * @param name {@code request}, or {@code request/alternative}
 * @param type the class of the devices
 * @param selectors of the class, then its own
 * @param all whether every device that matches is meant, else {@code count} of them
 * @param admin whether devices that are taken will do, and stay free for others
 */
record Ask(
    String name,
    DeviceClass type,
    List<Selectors.Selector> selectors,
    boolean all,
    long count,
    boolean admin,
    List<DeviceToleration> tolerations,
    Map<String, Quantity> capacity) {
  /**
   * Whether the device is one of those meant.
   *
   * @throws CelError when a selector comes to no answer
   */
  boolean means(Offer offer) {
    for (Selectors.Selector selector : selectors) {
      if (!selector.matches(offer)) {
        return false;
      }
    }
    return hasCapacity(offer);
  }

  private boolean hasCapacity(Offer offer) {
    for (Map.Entry<String, Quantity> wanted : capacity.entrySet()) {
      DeviceCapacity there =
          Names.find(offer.device().capacity(), wanted.getKey(), offer.id().driver());
      if (there == null || there.valueOr(Quantity.ZERO).compareTo(wanted.getValue()) < 0) {
        return false;
      }
    }
    return true;
  }

  /**
   * Whether the device may be given away at all: no taint stands against it, and it needs nothing
   * that is not done here (conditions to wait for; being shared by amounts).
   */
  boolean mayHave(Offer offer) {
    Device device = offer.device();
    return offer.pool().problem().isEmpty()
        && device.bindingConditions().isEmpty()
        && !device.allowMultipleAllocationsOr(false)
        && device.taints().stream().allMatch(this::isTolerated);
  }

  private boolean isTolerated(DeviceTaint taint) {
    String effect = taint.effectOr("");
    return (!effect.equals("NoSchedule") && !effect.equals("NoExecute"))
        || tolerations.stream().anyMatch(toleration -> tolerates(toleration, taint));
  }

  private static boolean tolerates(DeviceToleration toleration, DeviceTaint taint) {
    String effect = toleration.effectOr("");
    String key = toleration.keyOr("");
    if ((!effect.isEmpty() && !effect.equals(taint.effectOr("")))
        || (!key.isEmpty() && !key.equals(taint.keyOr("")))) {
      return false;
    }
    return toleration.operatorOr("Equal").equals("Exists")
        || (!key.isEmpty() && toleration.valueOr("").equals(taint.valueOr("")));
  }
}
