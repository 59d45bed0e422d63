package dev.kapell.apiserver.defaulting;

import dev.kapell.apiserver.tree.Obj;

/** Claims of devices. */
final class DeviceDefaults {
  private DeviceDefaults() {}

  static void claim(Obj claim) {
    spec(claim.child("spec"));
  }

  static void template(Obj template) {
    spec(template.child("spec").child("spec"));
  }

  private static void spec(Obj spec) {
    for (Obj request : spec.child("devices").items("requests")) {
      request.find("exactly").ifPresent(DeviceDefaults::request);
      request.items("firstAvailable").forEach(DeviceDefaults::request);
    }
  }

  private static void request(Obj request) {
    request.fill("allocationMode", "ExactCount");
    if (request.text("allocationMode").equals("ExactCount")) {
      request.fill("count", 1L);
    }
    request.items("tolerations").forEach(toleration -> toleration.fill("operator", "Equal"));
  }
}
