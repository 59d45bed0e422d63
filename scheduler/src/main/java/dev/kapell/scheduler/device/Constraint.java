package dev.kapell.scheduler.device;

import dev.kapell.api.resource.v1.DeviceAttribute;
import dev.kapell.api.resource.v1.DeviceConstraint;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the devices of some requests have to have in common, or may not. One search's. */
final class Constraint {
  private final DeviceConstraint said;
  private final boolean same;
  private final String attribute;

  /** Of the devices chosen so far, in their order. */
  private final List<DeviceAttribute> values = new ArrayList<>();

  Constraint(DeviceConstraint said) {
    this.said = said;
    this.same = said.matchAttribute() != null;
    this.attribute = same ? said.matchAttributeOr("") : said.distinctAttributeOr("");
  }

  /** Whether it is one that this scheduler knows. */
  static boolean isKnown(DeviceConstraint said) {
    return (said.matchAttribute() == null) != (said.distinctAttribute() == null);
  }

  private boolean concerns(String request, Ask ask) {
    return said.requests().isEmpty()
        || said.requests().contains(request)
        || said.requests().contains(ask.name());
  }

  /** Adds a device; false, and nothing is added, when it does not go with the others. */
  boolean add(String request, Ask ask, Offer offer) {
    if (!concerns(request, ask)) {
      return true;
    }
    DeviceAttribute value = Names.find(offer.device().attributes(), attribute, offer.id().driver());
    if (value == null || !goesWith(value)) {
      return false;
    }
    values.add(value);
    return true;
  }

  private boolean goesWith(@Nullable DeviceAttribute value) {
    return same ? values.isEmpty() || values.getFirst().equals(value) : !values.contains(value);
  }

  /** Takes back the device that was added last. */
  void remove(String request, Ask ask) {
    if (concerns(request, ask)) {
      values.removeLast();
    }
  }
}
