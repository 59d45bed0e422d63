package dev.kapell.scheduler.plugin;

import dev.kapell.api.core.v1.Node;
import dev.kapell.api.core.v1.Taint;
import dev.kapell.control.match.Tolerations;
import dev.kapell.scheduler.demand.Demand;

/** The fewer PreferNoSchedule taints that the pod does not tolerate, the better. */
final class TaintScore implements Score {
  @Override
  public String name() {
    return "TaintToleration";
  }

  @Override
  public Points prepare(Demand demand, View view) {
    return row -> {
      Node node = view.cluster().nodeOf(row);
      int untolerated = 0;
      for (Taint taint : node.spec().taints()) {
        if (taint.effectOr("").equals("PreferNoSchedule")
            && !Tolerations.tolerate(demand.tolerations(), taint)) {
          untolerated++;
        }
      }
      return 100.0 / (1 + untolerated);
    };
  }

  @Override
  public int weight() {
    return 3;
  }
}
