package dev.kapell.scheduler.device;

import dev.kapell.api.resource.v1.CapacityRequirements;
import dev.kapell.api.resource.v1.DeviceClaim;
import dev.kapell.api.resource.v1.DeviceClass;
import dev.kapell.api.resource.v1.DeviceRequest;
import dev.kapell.api.resource.v1.DeviceSelector;
import dev.kapell.api.resource.v1.DeviceSubRequest;
import dev.kapell.api.resource.v1.ExactDeviceRequest;
import dev.kapell.cel.CompileException;
import dev.kapell.client.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a claim asks for, with its classes looked up and its selectors compiled.
 *
 * @param key the claim
 * @param uid its identity
 * @param devices as the claim says it
 * @param requests all of them are to be fulfilled
 */
record ClaimAsk(ObjectKey key, String uid, DeviceClaim devices, List<Request> requests) {
  /**
   * A request.
   *
   * @param choices ways to fulfil it, the best first
   */
  record Request(String name, List<Ask> choices) {}

  /** A claim that nobody can fulfil as it is; the message says why. */
  static final class UnfitClaim extends Exception {
    private static final long serialVersionUID = 1;

    UnfitClaim(String message) {
      super(message, null, false, false);
    }

    String words() {
      return String.valueOf(getMessage());
    }
  }

  static ClaimAsk of(ObjectKey key, String uid, DeviceClaim claim, Devices devices)
      throws UnfitClaim {
    List<Request> requests = new ArrayList<>();
    for (DeviceRequest request : claim.requests()) {
      requests.add(new Reading(key, devices).request(request));
    }
    return new ClaimAsk(key, uid, claim, requests);
  }

  private record Reading(ObjectKey key, Devices devices) {
    Request request(DeviceRequest request) throws UnfitClaim {
      String name = request.nameOr("");
      List<Ask> choices = new ArrayList<>();
      if (request.exactly() != null) {
        choices.add(exactly(name, request.exactly()));
      }
      for (DeviceSubRequest choice : request.firstAvailable()) {
        choices.add(choice(name + "/" + choice.nameOr(""), choice));
      }
      if (choices.isEmpty()) {
        throw unfit(name, "none of the supported fields are set");
      }
      return new Request(name, choices);
    }

    private Ask exactly(String name, ExactDeviceRequest asked) throws UnfitClaim {
      DeviceClass type = type(name, asked.deviceClassNameOr(""));
      return new Ask(
          name,
          type,
          selectors(name, type, asked.selectors()),
          isAll(name, asked.allocationModeOr("ExactCount")),
          asked.countOr(1L),
          asked.adminAccessOr(false),
          asked.tolerations(),
          asked.capacityOr(CapacityRequirements.EMPTY).requests());
    }

    private Ask choice(String name, DeviceSubRequest asked) throws UnfitClaim {
      DeviceClass type = type(name, asked.deviceClassNameOr(""));
      return new Ask(
          name,
          type,
          selectors(name, type, asked.selectors()),
          isAll(name, asked.allocationModeOr("ExactCount")),
          asked.countOr(1L),
          false,
          asked.tolerations(),
          asked.capacityOr(CapacityRequirements.EMPTY).requests());
    }

    private DeviceClass type(String request, String name) throws UnfitClaim {
      Optional<DeviceClass> found = devices.classes().apply(name);
      if (found.isEmpty()) {
        throw unfit(request, "device class " + name + " does not exist");
      }
      return found.get();
    }

    private List<Selectors.Selector> selectors(
        String request, DeviceClass type, List<DeviceSelector> own) throws UnfitClaim {
      String whose = "class " + type.metadata().nameOr("");
      try {
        List<Selectors.Selector> all =
            new ArrayList<>(devices.selectors().of(type.spec().selectors()));
        whose = "the request";
        all.addAll(devices.selectors().of(own));
        return all;
      } catch (CompileException e) {
        throw unfit(request, "selector of " + whose + " does not compile: " + e.words());
      }
    }

    private boolean isAll(String request, String mode) throws UnfitClaim {
      return switch (mode) {
        case "All" -> true;
        case "ExactCount" -> false;
        default -> throw unfit(request, "unsupported allocation mode " + mode);
      };
    }

    private UnfitClaim unfit(String request, String why) {
      return new UnfitClaim("claim " + key + ", request " + request + ": " + why);
    }
  }
}
