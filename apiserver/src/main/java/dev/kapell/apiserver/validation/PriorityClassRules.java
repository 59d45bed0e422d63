package dev.kapell.apiserver.validation;

import dev.kapell.apiserver.request.FieldError;
import dev.kapell.apiserver.tree.Obj;
import java.util.List;

/** Priority classes: checked when they are made; later their value and policy do not change. */
final class PriorityClassRules implements Rules {
  private static final long HIGHEST_USER_PRIORITY = 1_000_000_000;
  private static final List<String> SYSTEM =
      List.of("system-cluster-critical", "system-node-critical");

  @Override
  public void check(Obj priority, Errors errors) {
    String name = priority.child("metadata").text("name");
    if (name.startsWith("system-")) {
      if (!SYSTEM.contains(name)) {
        errors.add(
            FieldError.forbidden(
                "metadata.name",
                "priority class names with 'system-' prefix are reserved for system use only"));
      }
    } else if (priority.number("value", 0) > HIGHEST_USER_PRIORITY) {
      errors.add(
          FieldError.forbidden(
              "value", "maximum allowed value of a user defined priority is 1000000000"));
    }
    errors.oneOf(priority, "preemptionPolicy", List.of("PreemptLowerPriority", "Never"));
  }

  @Override
  public void checkChange(Obj next, Obj old, Errors errors) {
    if (next.number("value", 0) != old.number("value", 0)) {
      errors.add(FieldError.forbidden("value", "may not be changed in an update."));
    }
  }

  @Override
  public void checkUpdate(Obj next, Obj old, Errors errors) {
    checkChange(next, old, errors);
  }
}
