package dev.kapell.control.match;

import dev.kapell.api.meta.v1.LabelSelector;
import dev.kapell.api.meta.v1.LabelSelectorRequirement;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Label selectors of specifications against labels. Pure. */
public final class Selectors {
  private Selectors() {}

  /** Whether all labels and expressions hold; a selector that is absent matches nothing. */
  public static boolean matches(@Nullable LabelSelector selector, Map<String, String> labels) {
    if (selector == null) {
      return false;
    }
    for (Map.Entry<String, String> wanted : selector.matchLabels().entrySet()) {
      if (!wanted.getValue().equals(labels.get(wanted.getKey()))) {
        return false;
      }
    }
    for (LabelSelectorRequirement requirement : selector.matchExpressions()) {
      if (!holds(requirement, labels)) {
        return false;
      }
    }
    return true;
  }

  /** Whether every entry of {@code wanted} is among {@code labels}. */
  public static boolean includes(Map<String, String> labels, Map<String, String> wanted) {
    return labels.entrySet().containsAll(wanted.entrySet());
  }

  /** No requirement at all: it would match everything. */
  public static boolean isEmpty(@Nullable LabelSelector selector) {
    return selector == null
        || (selector.matchLabels().isEmpty() && selector.matchExpressions().isEmpty());
  }

  private static boolean holds(LabelSelectorRequirement requirement, Map<String, String> labels) {
    String value = labels.get(requirement.keyOr(""));
    return switch (requirement.operatorOr("")) {
      case "In" -> value != null && requirement.values().contains(value);
      case "NotIn" -> value == null || !requirement.values().contains(value);
      case "Exists" -> value != null;
      case "DoesNotExist" -> value == null;
      default -> false;
    };
  }
}
