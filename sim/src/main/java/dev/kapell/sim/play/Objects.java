package dev.kapell.sim.play;

import dev.kapell.api.IntOrString;
import dev.kapell.api.apps.v1.DaemonSet;
import dev.kapell.api.apps.v1.DaemonSetSpec;
import dev.kapell.api.apps.v1.Deployment;
import dev.kapell.api.apps.v1.DeploymentSpec;
import dev.kapell.api.apps.v1.DeploymentStrategy;
import dev.kapell.api.apps.v1.RollingUpdateDeployment;
import dev.kapell.api.apps.v1.StatefulSet;
import dev.kapell.api.apps.v1.StatefulSetSpec;
import dev.kapell.api.batch.v1.Job;
import dev.kapell.api.batch.v1.JobSpec;
import dev.kapell.api.core.v1.Container;
import dev.kapell.api.core.v1.PodSpec;
import dev.kapell.api.core.v1.PodTemplateSpec;
import dev.kapell.api.core.v1.ResourceRequirements;
import dev.kapell.api.core.v1.Service;
import dev.kapell.api.core.v1.ServicePort;
import dev.kapell.api.core.v1.ServiceSpec;
import dev.kapell.api.meta.v1.LabelSelector;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.api.policy.v1.PodDisruptionBudget;
import dev.kapell.api.policy.v1.PodDisruptionBudgetSpec;
import dev.kapell.api.resource.Quantity;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The objects that people create. Pure. */
final class Objects {
  static final String NAMESPACE = "default";

  private Objects() {}

  private static ObjectMeta meta(String name) {
    return ObjectMeta.builder().namespace(NAMESPACE).name(name).build();
  }

  private static LabelSelector selector(String app) {
    return LabelSelector.builder().matchLabels(Map.of("app", app)).build();
  }

  private static PodTemplateSpec template(String app, int milliCpu, String restart) {
    Container container =
        Container.builder()
            .name("main")
            .image("web:1")
            .resources(
                ResourceRequirements.builder()
                    .requests(Map.of("cpu", Quantity.ofMilli(milliCpu)))
                    .build())
            .build();
    return PodTemplateSpec.builder()
        .metadata(ObjectMeta.builder().labels(Map.of("app", app)).build())
        .spec(PodSpec.builder().restartPolicy(restart).containers(List.of(container)).build())
        .build();
  }

  private static IntOrString share(String text) {
    return text.endsWith("%") ? IntOrString.of(text) : IntOrString.of(Integer.parseInt(text));
  }

  static Deployment deployment(Act.CreateDeployment wish) {
    boolean stuck = share(wish.surge()).equals(IntOrString.of(0)) && wish.unavailable().equals("0");
    return Deployment.builder()
        .metadata(meta(wish.name()))
        .spec(
            DeploymentSpec.builder()
                .replicas(wish.replicas())
                .selector(selector(wish.name()))
                .minReadySeconds(wish.minReadySeconds())
                .template(template(wish.name(), wish.milliCpu(), "Always"))
                .strategy(
                    DeploymentStrategy.builder()
                        .type("RollingUpdate")
                        .rollingUpdate(
                            RollingUpdateDeployment.builder()
                                .maxSurge(stuck ? IntOrString.of(1) : share(wish.surge()))
                                .maxUnavailable(share(wish.unavailable()))
                                .build())
                        .build())
                .build())
        .build();
  }

  static Job job(Act.CreateJob wish) {
    PodTemplateSpec template = template(wish.name(), 50, "Never");
    Map<String, String> manners = new TreeMap<>(); // Map.of has another order in each process
    manners.put("simulation.kapell.dev/run-seconds", "" + wish.runSeconds());
    manners.put("simulation.kapell.dev/exit-code", "" + wish.exitCode());
    return Job.builder()
        .metadata(meta(wish.name()))
        .spec(
            JobSpec.builder()
                .completions(wish.completions())
                .parallelism(wish.parallelism())
                .backoffLimit(wish.backoffLimit())
                .template(template.withMetadata(template.metadata().withAnnotations(manners)))
                .build())
        .build();
  }

  static StatefulSet statefulSet(Act.CreateStatefulSet wish) {
    return StatefulSet.builder()
        .metadata(meta(wish.name()))
        .spec(
            StatefulSetSpec.builder()
                .replicas(wish.replicas())
                .serviceName(wish.name())
                .podManagementPolicy(wish.parallel() ? "Parallel" : "OrderedReady")
                .selector(selector(wish.name()))
                .template(template(wish.name(), 50, "Always"))
                .build())
        .build();
  }

  static DaemonSet daemonSet(Act.CreateDaemonSet wish) {
    return DaemonSet.builder()
        .metadata(meta(wish.name()))
        .spec(
            DaemonSetSpec.builder()
                .selector(selector(wish.name()))
                .template(template(wish.name(), 10, "Always"))
                .build())
        .build();
  }

  static Service service(Act.CreateService wish) {
    return Service.builder()
        .metadata(meta(wish.name()))
        .spec(
            ServiceSpec.builder()
                .selector(Map.of("app", wish.app()))
                .ports(List.of(ServicePort.builder().port(80).build()))
                .build())
        .build();
  }

  static PodDisruptionBudget budget(Act.CreateBudget wish) {
    return PodDisruptionBudget.builder()
        .metadata(meta(wish.name()))
        .spec(
            PodDisruptionBudgetSpec.builder()
                .minAvailable(share(wish.fewest()))
                .selector(selector(wish.app()))
                .build())
        .build();
  }
}
