package dev.kapell.apiserver.registry;

import dev.kapell.apiserver.tree.Obj;
import java.util.ArrayList;
import java.util.List;

/** {@code autoscaling/v1}, which knows only the use of the processor, from and to v2. */
final class AutoscalerConversion implements Conversion {
  private static final String WISH = "targetCPUUtilizationPercentage";
  private static final String SEEN = "currentCPUUtilizationPercentage";

  @Override
  public void toStored(Obj autoscaler) {
    autoscaler.put("apiVersion", "autoscaling/v2");
    Obj spec = autoscaler.make("spec");
    if (spec.has(WISH)) {
      Obj target =
          Obj.root(Obj.tree("type", "Utilization", "averageUtilization", spec.number(WISH, 0)));
      spec.drop(WISH).put("metrics", metrics(Obj.tree("name", "cpu", "target", target.map())));
    }
    Obj status = autoscaler.child("status");
    if (status.has(SEEN)) {
      Obj current = Obj.root(Obj.tree("averageUtilization", status.number(SEEN, 0)));
      status
          .drop(SEEN)
          .put("currentMetrics", metrics(Obj.tree("name", "cpu", "current", current.map())));
    }
  }

  private static List<Object> metrics(Object resource) {
    return new ArrayList<>(List.of(Obj.tree("type", "Resource", "resource", resource)));
  }

  @Override
  public void fromStored(Obj autoscaler) {
    autoscaler.put("apiVersion", "autoscaling/v1");
    lower(autoscaler.child("spec"), "metrics", "target", WISH);
    lower(autoscaler.child("status"), "currentMetrics", "current", SEEN);
    autoscaler.child("spec").drop("behavior");
    autoscaler.child("status").drop("conditions");
  }

  private static void lower(Obj part, String list, String side, String field) {
    for (Obj metric : part.items(list)) {
      Obj resource = metric.child("resource");
      if (resource.text("name").equals("cpu")) {
        part.put(field, resource.child(side).number("averageUtilization", 0));
      }
    }
    part.drop(list);
  }
}
