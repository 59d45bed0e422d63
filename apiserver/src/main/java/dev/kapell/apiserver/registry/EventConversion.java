package dev.kapell.apiserver.registry;

import dev.kapell.apiserver.tree.Obj;
import java.util.Map;

/** {@code events.k8s.io/v1} from and to the core form, in which events are stored. */
final class EventConversion implements Conversion {
  /** The newer name of each field, and its core name. */
  private static final Map<String, String> NAMES =
      Map.of(
          "regarding", "involvedObject",
          "note", "message",
          "reportingController", "reportingComponent",
          "deprecatedSource", "source",
          "deprecatedFirstTimestamp", "firstTimestamp",
          "deprecatedLastTimestamp", "lastTimestamp",
          "deprecatedCount", "count");

  @Override
  public void toStored(Obj event) {
    NAMES.forEach((served, stored) -> rename(event, served, stored));
    event.put("apiVersion", "v1");
  }

  @Override
  public void fromStored(Obj event) {
    NAMES.forEach((served, stored) -> rename(event, stored, served));
    event.put("apiVersion", "events.k8s.io/v1");
  }

  private static void rename(Obj event, String from, String to) {
    Object value = event.get(from);
    if (value != null) {
      event.drop(from).put(to, value);
    }
  }
}
