package dev.kapell.apiserver.table;

import static dev.kapell.apiserver.table.Cells.orNone;
import static dev.kapell.apiserver.table.Column.age;
import static dev.kapell.apiserver.table.Column.flag;
import static dev.kapell.apiserver.table.Column.number;
import static dev.kapell.apiserver.table.Column.objectName;
import static dev.kapell.apiserver.table.Column.text;

import dev.kapell.apiserver.tree.Obj;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Tables of drivers, attachments and devices. */
final class StorageTables {
  private StorageTables() {}

  static Map<String, List<Column>> all() {
    return Map.of(
        "csidrivers.storage.k8s.io",
        drivers(),
        "csinodes.storage.k8s.io",
        List.of(
            objectName(),
            number("Drivers", (o, _) -> (long) o.child("spec").values("drivers").size()),
            age()),
        "csistoragecapacities.storage.k8s.io",
        List.of(
            objectName(),
            text("StorageClassName", Cells.text("storageClassName")),
            text("Capacity", Cells.text("capacity"))),
        "volumeattachments.storage.k8s.io",
        List.of(
            objectName(),
            text("Attacher", Cells.text("spec", "attacher")),
            text("PV", Cells.text("spec", "source", "persistentVolumeName")),
            text("Node", Cells.text("spec", "nodeName")),
            flag("Attached", (o, _) -> o.child("status").flag("attached")),
            age()),
        "volumeattributesclasses.storage.k8s.io",
        List.of(objectName(), text("DriverName", Cells.text("driverName")), age()),
        "deviceclasses.resource.k8s.io",
        List.of(objectName(), age()),
        "resourceclaims.resource.k8s.io",
        List.of(objectName(), text("State", (o, _) -> state(o)), age()),
        "resourceclaimtemplates.resource.k8s.io",
        List.of(objectName(), age()),
        "resourceslices.resource.k8s.io",
        List.of(
            objectName(),
            text("Node", Cells.text("spec", "nodeName")),
            text("Driver", Cells.text("spec", "driver")),
            text("Pool", Cells.text("spec", "pool", "name")),
            age()));
  }

  private static List<Column> drivers() {
    return List.of(
        objectName(),
        flag(
            "AttachRequired",
            (o, _) -> !Boolean.FALSE.equals(o.child("spec").get("attachRequired"))),
        flag("PodInfoOnMount", (o, _) -> o.child("spec").flag("podInfoOnMount")),
        flag("StorageCapacity", (o, _) -> o.child("spec").flag("storageCapacity")),
        text(
            "TokenRequests",
            (o, _) ->
                o.child("spec").has("tokenRequests")
                    ? Cells.join(o.child("spec").items("tokenRequests"), "audience")
                    : Cells.UNSET),
        flag("RequiresRepublish", (o, _) -> o.child("spec").flag("requiresRepublish")),
        text(
            "Modes",
            (o, _) -> orNone(String.join(",", o.child("spec").texts("volumeLifecycleModes")))),
        age());
  }

  private static String state(Obj claim) {
    Obj status = claim.child("status");
    boolean going = !claim.child("metadata").text("deletionTimestamp").isEmpty();
    List<String> states = new ArrayList<>();
    if (going) {
      states.add("deleted");
    }
    if (status.has("allocation")) {
      states.add("allocated");
      if (!status.values("reservedFor").isEmpty()) {
        states.add("reserved");
      }
    } else if (!going) {
      states.add("pending");
    }
    return String.join(",", states);
  }
}
