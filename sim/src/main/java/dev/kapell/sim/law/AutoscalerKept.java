package dev.kapell.sim.law;

import dev.kapell.api.Types;
import dev.kapell.api.apps.v1.Deployment;
import dev.kapell.api.autoscaling.v2.CrossVersionObjectReference;
import dev.kapell.api.autoscaling.v2.HorizontalPodAutoscaler;
import dev.kapell.api.autoscaling.v2.MetricStatus;
import dev.kapell.api.autoscaling.v2.MetricTarget;
import dev.kapell.api.autoscaling.v2.MetricValueStatus;
import dev.kapell.api.autoscaling.v2.ResourceMetricSource;
import dev.kapell.api.autoscaling.v2.ResourceMetricStatus;
import dev.kapell.sim.story.Moment;
import dev.kapell.sim.story.Writer;
import java.util.List;
import java.util.Optional;

/**
 * An autoscaler stays within its bounds, and in the end there are as many pods as the load asks
 * for.
 */
final class AutoscalerKept implements Law {
  /** Kubernetes' own is 0.1; what the status says is rounded. */
  private static final double TOLERANCE = 0.12;

  private static final double ROUNDING = 0.01;

  @Override
  public void at(Moment moment, Scene scene) {
    Optional<Deployment> scaled = moment.after(Deployment.class);
    if (scaled.isEmpty() || !moment.isBy(Writer.AUTOSCALERS)) {
      return;
    }
    int replicas = scaled.get().spec().replicasOr(1);
    for (HorizontalPodAutoscaler autoscaler :
        scene.picture().all(Types.HORIZONTAL_POD_AUTOSCALER)) {
      if (isOf(autoscaler, scaled.get()) && replicas != within(autoscaler, replicas)) {
        scene.broken(
            this, "deployment " + moment.key() + " is scaled to " + replicas + ", out of bounds");
      }
    }
  }

  private static boolean isOf(HorizontalPodAutoscaler autoscaler, Deployment deployment) {
    String target =
        autoscaler.spec().scaleTargetRefOr(CrossVersionObjectReference.EMPTY).nameOr("");
    return target.equals(deployment.metadata().nameOr("?"))
        && autoscaler.metadata().namespaceOr("").equals(deployment.metadata().namespaceOr(""));
  }

  private static int within(HorizontalPodAutoscaler autoscaler, int replicas) {
    int least = autoscaler.spec().minReplicasOr(1);
    return Math.clamp(replicas, least, autoscaler.spec().maxReplicasOr(least));
  }

  @Override
  public void atRest(Scene scene) {
    for (Deployment deployment : scene.picture().all(Types.DEPLOYMENT)) {
      scene.picture().all(Types.HORIZONTAL_POD_AUTOSCALER).stream()
          .filter(autoscaler -> isOf(autoscaler, deployment))
          .forEach(autoscaler -> check(autoscaler, deployment, scene));
    }
  }

  private void check(HorizontalPodAutoscaler autoscaler, Deployment deployment, Scene scene) {
    int replicas = deployment.spec().replicasOr(1);
    long serving =
        Facts.pods(scene.picture(), deployment).stream().filter(Facts::isServing).count();
    if (replicas == 0 || serving < replicas) {
      return; // switched off, or there is no room
    }
    double ratio = ratio(autoscaler);
    boolean enough = Math.abs(ratio - 1) <= TOLERANCE;
    int wanted = enough ? replicas : (int) Math.ceil(replicas * ratio - ROUNDING);
    if (replicas != within(autoscaler, wanted)) {
      scene.broken(
          this,
          "deployment "
              + deployment.metadata().name()
              + " has "
              + replicas
              + " replicas, its load is "
              + ratio
              + " of what they should have");
    }
  }

  /** What its pods do, as a part of what they should do. */
  private static double ratio(HorizontalPodAutoscaler autoscaler) {
    int wanted =
        autoscaler
            .spec()
            .metrics()
            .getFirst()
            .resourceOr(ResourceMetricSource.EMPTY)
            .targetOr(MetricTarget.EMPTY)
            .averageUtilizationOr(100);
    List<MetricStatus> now = autoscaler.status().currentMetrics();
    int measured =
        now.isEmpty()
            ? 0
            : now.getFirst()
                .resourceOr(ResourceMetricStatus.EMPTY)
                .currentOr(MetricValueStatus.EMPTY)
                .averageUtilizationOr(0);
    return (double) measured / wanted;
  }
}
