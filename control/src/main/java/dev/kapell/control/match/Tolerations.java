package dev.kapell.control.match;

import dev.kapell.api.core.v1.Taint;
import dev.kapell.api.core.v1.Toleration;
import java.util.List;
import java.util.Optional;

/** Tolerations against taints. Pure. */
public final class Tolerations {
  private Tolerations() {}

  /** Whether this toleration is about this taint. */
  public static boolean tolerates(Toleration toleration, Taint taint) {
    String effect = toleration.effectOr("");
    String key = toleration.keyOr("");
    if (!effect.isEmpty() && !effect.equals(taint.effectOr(""))) {
      return false;
    }
    if (!key.isEmpty() && !key.equals(taint.keyOr(""))) {
      return false;
    }
    return switch (toleration.operatorOr("Equal")) {
      case "Exists" -> true;
      case "Gt", "Lt" -> compares(toleration, taint);
      default -> !key.isEmpty() && toleration.valueOr("").equals(taint.valueOr(""));
    };
  }

  /** Whether one of them is about this taint. */
  public static boolean tolerate(List<Toleration> tolerations, Taint taint) {
    for (Toleration toleration : tolerations) {
      if (tolerates(toleration, taint)) {
        return true;
      }
    }
    return false;
  }

  /** The first taint that keeps a pod off a node: NoSchedule or NoExecute, and not tolerated. */
  public static Optional<Taint> firstUntolerated(List<Taint> taints, List<Toleration> tolerations) {
    for (Taint taint : taints) {
      String effect = taint.effectOr("");
      boolean binding = effect.equals("NoSchedule") || effect.equals("NoExecute");
      if (binding && !tolerate(tolerations, taint)) {
        return Optional.of(taint);
      }
    }
    return Optional.empty();
  }

  private static boolean compares(Toleration toleration, Taint taint) {
    try {
      long is = Long.parseLong(taint.valueOr(""));
      long limit = Long.parseLong(toleration.valueOr(""));
      return toleration.operatorOr("").equals("Gt") ? is > limit : is < limit;
    } catch (NumberFormatException e) {
      return false; // What is no number is neither above nor below.
    }
  }
}
