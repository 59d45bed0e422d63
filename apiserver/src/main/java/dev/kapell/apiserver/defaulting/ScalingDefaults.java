package dev.kapell.apiserver.defaulting;

import dev.kapell.apiserver.tree.Obj;
import java.util.ArrayList;
import java.util.List;

/** Autoscalers, in the shape of autoscaling/v2. */
final class ScalingDefaults {
  private ScalingDefaults() {}

  static void autoscaler(Obj autoscaler) {
    Obj spec = autoscaler.make("spec");
    spec.fill("minReplicas", 1L);
    if (spec.values("metrics").isEmpty()) {
      Obj target = Obj.root(Obj.tree("type", "Utilization", "averageUtilization", 80L));
      spec.put(
          "metrics",
          new ArrayList<Object>(
              List.of(
                  Obj.tree(
                      "type",
                      "Resource",
                      "resource",
                      Obj.tree("name", "cpu", "target", target.map())))));
    }
    spec.find("behavior").ifPresent(ScalingDefaults::behavior);
  }

  private static void behavior(Obj behavior) {
    Obj up = behavior.make("scaleUp");
    up.fill("stabilizationWindowSeconds", 0L).fill("selectPolicy", "Max");
    up.fill("policies", policies(policy("Pods", 4), policy("Percent", 100)));
    Obj down = behavior.make("scaleDown");
    down.fill("selectPolicy", "Max").fill("policies", policies(policy("Percent", 100)));
  }

  private static List<Object> policies(Object... policies) {
    return new ArrayList<>(List.of(policies));
  }

  private static Object policy(String type, long value) {
    return Obj.tree("type", type, "value", value, "periodSeconds", 15L);
  }
}
