package dev.kapell.apiserver.validation;

import dev.kapell.apiserver.request.FieldError;
import dev.kapell.apiserver.tree.Obj;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the status of a claim of devices may say, and become. */
final class DeviceRules {
  private DeviceRules() {}

  static void addTo(Map<String, Rules> rows) {
    rows.put("resourceclaims.resource.k8s.io", Rules.none().onStatus(DeviceRules::claim));
  }

  private static void claim(Obj claim, Obj old, Errors errors) {
    Obj status = claim.child("status");
    users(claim, old, errors);
    if (status.has("allocation")) {
      if (old.child("status").has("allocation")) {
        errors.immutable(status, old.child("status"), "allocation");
      } else {
        results(claim, errors);
      }
    }
    Set<String> given = new HashSet<>();
    status
        .child("allocation")
        .child("devices")
        .items("results")
        .forEach(result -> given.add(device(result)));
    for (Obj device : status.items("devices")) {
      if (!given.contains(device(device))) {
        errors.invalid(device.path(), device(device), "must be an allocated device in the claim");
      }
    }
  }

  private static String device(Obj object) {
    return object.text("driver")
        + "/"
        + object.text("pool")
        + "/"
        + object.text("device")
        + (object.has("shareID") ? "/" + object.text("shareID") : "");
  }

  /** Users of devices that are not there, and new users of a claim that is to go, are mistakes. */
  private static void users(Obj claim, Obj old, Errors errors) {
    Obj status = claim.child("status");
    if (status.items("reservedFor").isEmpty()) {
      return;
    }
    if (!status.has("allocation")) {
      errors.add(
          FieldError.forbidden(
              status.at("reservedFor"), "may not be specified when `allocated` is not set"));
    }
    if (claim.child("metadata").has("deletionTimestamp")) {
      List<String> before =
          old.child("status").items("reservedFor").stream().map(u -> u.text("uid")).toList();
      boolean more =
          status.items("reservedFor").stream().anyMatch(u -> !before.contains(u.text("uid")));
      if (more) {
        errors.add(
            FieldError.forbidden(
                status.at("reservedFor"),
                "new entries may not be added while `deallocationRequested` or"
                    + " `deletionTimestamp` are set"));
      }
    }
  }

  private static void results(Obj claim, Errors errors) {
    Set<String> names = requests(claim.child("spec").child("devices"), false);
    Obj devices = claim.child("status").child("allocation").child("devices");
    for (Obj result : devices.items("results")) {
      if (!names.contains(result.text("request"))) {
        errors.invalid(
            result.at("request"),
            result.text("request"),
            "must be the name of a request in the claim or the name of a request in the claim"
                + " followed by '/' and the name of a subrequest");
      }
    }
  }

  /**
   * The names by which requests can be referred to.
   *
   * @param whole whether a request with alternatives counts by its own name, too
   */
  static Set<String> requests(Obj devices, boolean whole) {
    List<String> names = new ArrayList<>();
    for (Obj request : devices.items("requests")) {
      List<Obj> choices = request.items("firstAvailable");
      if (whole || choices.isEmpty()) {
        names.add(request.text("name"));
      }
      choices.forEach(choice -> names.add(request.text("name") + "/" + choice.text("name")));
    }
    return Set.copyOf(new HashSet<>(names));
  }
}
